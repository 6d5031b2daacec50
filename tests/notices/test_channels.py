"""Channels: found by their folder, and named nowhere else."""

import ast
import re
from pathlib import Path

import leeward.notices
from leeward.notices.channels import registry
from leeward.notices.models import Contact

SLICE = Path(leeward.notices.__file__).parent


def test_no_module_or_page_names_a_channel_but_its_own_folder() -> None:
    names = set(registry.channels())
    assert {"smtp", "webhook"} <= names
    elsewhere = [path for path in SLICE.rglob("*.py") if not {"channels", "migrations"} & set(path.parts[:-1])]
    named = [
        f"{path.relative_to(SLICE)}:{node.lineno}"
        for path in elsewhere
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    compared = re.compile(rf"""==\s*["']({"|".join(names)})["']""")
    named += [path.name for path in SLICE.rglob("*.html") if compared.search(path.read_text(encoding="utf-8"))]
    assert not named


def test_one_channel_is_for_everybody_and_takes_over_from_one_that_is_gone() -> None:
    mail = registry.for_everybody()
    assert mail.kinds is None
    assert not mail.can_go_again
    assert registry.of_contact(Contact(kind="host", channel="gone")) is mail
    assert registry.of_contact(Contact(kind="police", channel="webhook")) is mail
    assert registry.of_message("gone") is mail
    assert registry.of_contact(Contact(kind="host", channel="webhook")).name == "webhook"
