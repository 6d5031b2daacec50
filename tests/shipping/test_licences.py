"""Under which licences the parts come: each is one that asks for its text only, or a person has judged it."""

from importlib.metadata import Distribution, PackagePath
from pathlib import Path
from typing import Any

import pytest

from shipping import bill, licences

ROOT = Path(__file__).parents[2]


def test_every_locked_part_is_permissive_or_judged() -> None:
    assert licences.unjudged(ROOT) == []


def test_every_judgement_is_of_a_part_that_is_locked_and_says_why() -> None:
    judged = licences.named(ROOT)
    assert set(judged) <= set(licences.parts(ROOT))
    assert all(one["because"].endswith(".") for one in judged.values())


@pytest.mark.parametrize(
    ("expression", "is_fine"),
    [
        ("MIT", True), ("MIT AND ISC", True), ("GPL-3.0-or-later OR Apache-2.0", True), ("(MIT AND Zlib)", True),
        ("GPL-3.0-or-later", False), ("MIT AND GPL-2.0-or-later", False), ("LGPL-3.0-only", False), ("NOASSERTION", False), ("", False),
    ],
)  # fmt: skip
def test_what_asks_for_no_more_than_its_text(expression: str, is_fine: bool) -> None:
    assert licences.is_permissive(expression) is is_fine


class Part(Distribution):
    """A part that says these things of itself."""

    def __init__(self, *lines: str, files: tuple[str, ...] = ()) -> None:
        self.lines, self.brought = lines, files

    def read_text(self, filename: str) -> str | None:
        return "\n".join(["Metadata-Version: 2.1", "Name: kite", *self.lines]) if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Path:
        return Path(path)

    @property
    def files(self) -> list[PackagePath]:
        return [PackagePath(name) for name in self.brought]


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: 0BSD"], "0BSD"), (["License: MIT License"], "MIT"),
        (["Classifier: License :: OSI Approved :: Apache Software License"], "Apache-2.0"),
        (["License: MIT", "Classifier: License :: OSI Approved :: BSD License"], "NOASSERTION"),
        (["License: Ask me"], "NOASSERTION"), ([], "NOASSERTION"),
    ],
)  # fmt: skip
def test_what_a_part_says_is_taken_only_where_it_is_clear(
    lines: list[str], licence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licences, "distribution", lambda name: Part(*lines))
    assert licences.licence_of("kite", {}) == licence
    assert licences.licence_of("kite", {"kite": {"licence": "ISC"}}) == "ISC"


def test_a_wheel_that_brings_libraries_has_to_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("License-Expression: MIT", files=("kite/__init__.py", "kite.libs/libx264.so"))
    monkeypatch.setattr(licences, "distribution", lambda name: part)
    monkeypatch.setattr(licences, "parts", lambda root: ["kite"])
    assert licences.unjudged(ROOT) == ["kite: MIT"]
    part.brought = ("kite/__init__.py",)
    assert licences.unjudged(ROOT) == []


def test_the_bill_names_each_part_and_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    first, again = bill.of_lock(ROOT), bill.of_lock(ROOT)
    assert first == again
    assert {part["name"] for part in first["components"]} >= set(licences.parts(ROOT))
    av = next(part for part in first["components"] if part["name"] == "av")
    assert "GPL-2.0-or-later" in av["licenses"][0]["expression"]
    assert all(one["hashes"] for one in av["externalReferences"])
    assert "timestamp" not in first["metadata"]
