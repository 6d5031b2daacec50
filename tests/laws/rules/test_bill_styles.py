"""The styles of drafting offices: read from the file, and the one that a country's bill takes."""

from dataclasses import fields

from leeward.laws.rules.bill_styles import Style, style_for, styles_of

ROW = {field.name: f"its {field.name}" for field in fields(Style) if field.name != "id"} | {"lettered": True}
CONTENT = {name: {**ROW, "countries": countries} for name, countries in (("uk", ["GB"]), ("far", ["AU", "NZ"]))}


def test_styles_are_read_with_their_names() -> None:
    far = Style(**{**ROW, "id": "far", "countries": frozenset({"AU", "NZ"})})
    assert styles_of(CONTENT) == {"uk": Style(**{**ROW, "id": "uk", "countries": frozenset({"GB"})}), "far": far}


def test_a_bill_takes_the_chosen_style_else_its_countrys_else_the_united_kingdoms() -> None:
    styles = styles_of(CONTENT)
    assert style_for(styles, "far", "GB").id == "far"
    assert style_for(styles, "", "NZ").id == "far"
    assert style_for(styles, "", "AU-NSW").id == "far"
    assert style_for(styles, "", "GB").id == "uk"
    assert style_for(styles, "", "XX").id == "uk"
