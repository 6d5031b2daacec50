"""How each drafting office of the Commonwealth sets out a bill: names of units, forms, style of amendment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STYLES = (
    "uk",
    "caribbean",
    "pacific",
    "australia",
    "africa",
    "south_asia",
    "malaysia_singapore",
    "canada",
    "malta_cyprus",
    "civil",
)


@dataclass(frozen=True, slots=True)
class Style:
    """One style; it is the default for `countries`."""

    id: str
    name: str
    part: str
    section: str
    subsection: str
    paragraph: str
    definitions: str
    lettered: bool
    citation: str
    penalty: str
    statement: str
    insert: str
    add: str
    replace: str
    reword: str
    omit: str
    countries: frozenset[str]

    def word(self, level: str) -> str:
        """Return the word for a unit of this level."""
        names = {"part": self.part, "section": self.section, "subsection": self.subsection, "paragraph": self.paragraph}
        return names.get(level, level)


def styles_of(content: Mapping[str, Mapping[str, Any]]) -> dict[str, Style]:
    """Read the styles from the content of data/bill_styles.yaml."""
    return {id: Style(id=id, **{**row, "countries": frozenset(row["countries"])}) for id, row in content.items()}


def style_for(styles: Mapping[str, Style], chosen: str, country: str) -> Style:
    """Return the chosen style, else that of the country or its state, else the United Kingdom's."""
    if chosen:
        return styles[chosen]
    state = country.partition("-")[0]
    return next((style for style in styles.values() if state in style.countries), styles["uk"])
