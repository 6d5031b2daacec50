"""The region of the world under which a country's portal is listed."""

from collections.abc import Iterable

from leeward.foundation.lazy_text import gettext_noop

ELSEWHERE = gettext_noop("Elsewhere")
_COUNTRIES = {
    gettext_noop("Caribbean and Americas"): (
        "AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GP GT GY HN HT JM KN KY LC "
        "MF MQ MS MX NI PA PE PR PY SR SV SX TC TT US UY VC VE VG VI"
    ),
    gettext_noop("Africa"): (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW "
        "MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"
    ),
    gettext_noop("Asia"): (
        "AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP "
        "OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
    ),
    gettext_noop("Europe"): (
        "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV "
        "MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM UA VA"
    ),
    gettext_noop("Pacific"): ("AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
}
_REGION_OF = {country: region for region, countries in _COUNTRIES.items() for country in countries.split()}
REGIONS = (*_COUNTRIES, ELSEWHERE)


def region_of(country: str) -> str:
    """Return the region (its English name) of a country code."""
    return _REGION_OF.get(country.upper(), ELSEWHERE)


def by_region[Row](rows: Iterable[tuple[str, Row]]) -> list[tuple[str, list[Row]]]:
    """Group rows, each with its country, by region; regions have a fixed order and empty ones are left out."""
    found: dict[str, list[Row]] = {region: [] for region in REGIONS}
    for country, row in rows:
        found[region_of(country)].append(row)
    return [(region, entries) for region, entries in found.items() if entries]
