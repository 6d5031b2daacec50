"""Every template compiles, and no table is wider than a phone."""

import re
from pathlib import Path

from django.template import loader

ROOT = Path(__file__).resolve().parents[2] / "src" / "leeward"
TEMPLATES = sorted(
    (path, str(path).split("/templates/", 1)[1])
    for path in ROOT.rglob("*")
    if path.is_file() and "/templates/" in str(path)
)


def test_every_template_compiles() -> None:
    for _, name in TEMPLATES:
        loader.get_template(name)  # what it raises names the template


def test_a_table_of_three_columns_or_more_is_made_for_phones() -> None:
    wide = []
    for path, name in TEMPLATES:
        for opening, head in re.findall(r"(<table[^>]*>)(.*?)</thead>", path.read_text(encoding="utf-8"), re.DOTALL):
            columns = head.count('scope="col"') + head.count("{% for ")
            if columns > 2 and not re.search('class="(stack|brief)', opening):
                wide.append(f"{name}: {head}")
    assert wide == []
