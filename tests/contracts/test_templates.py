"""Every template compiles."""

from pathlib import Path

import pytest
from django.template import loader

ROOT = Path(__file__).resolve().parents[2] / "src" / "leeward"
TEMPLATES = sorted(
    (path, str(path).split("/templates/", 1)[1])
    for path in ROOT.rglob("*")
    if path.is_file() and "/templates/" in str(path)
)


@pytest.mark.parametrize("name", [name for _, name in TEMPLATES])
def test_template_compiles(name: str) -> None:
    loader.get_template(name)
