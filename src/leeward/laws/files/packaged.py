"""Reads the data files that ship with Leeward."""

from functools import cache
from importlib.resources import files
from typing import Any

from leeward.laws.files.yaml_text import read_yaml
from leeward.laws.rules.acts import Vocabulary, vocabulary

_DATA = files("leeward.laws") / "data"


def packaged_text(name: str) -> str:
    """Return the text of one shipped data file."""
    return (_DATA / name).read_text(encoding="utf-8")


def packaged(name: str) -> Any:
    """Return the content of one shipped YAML file."""
    return read_yaml(packaged_text(name), name=name)


@cache
def packaged_editions() -> Any:
    """Return the editions of the reviews that the register contains: read once by a process, for it ships with the program."""
    return packaged("editions.yaml")


def packaged_jurisdictions() -> dict[str, str]:
    """Return the text of every shipped jurisdiction's file, sorted by file name."""
    names = sorted(entry.name for entry in _DATA.iterdir() if entry.name[:2].isupper() and entry.name.endswith(".yaml"))
    return {name: packaged_text(name) for name in names}


def packaged_acts() -> Vocabulary:
    """Return the shipped vocabulary of acts."""
    rows = packaged("acts.yaml")
    return vocabulary(rows["acts"], rows["coarse"], rows["groups"])


def countries() -> dict[str, str]:
    """Return the name of every country by its ISO 3166-1 code, as the time-zone database ships them."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows} | {"GB": "United Kingdom"}
