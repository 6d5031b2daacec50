"""The radar and the heat map of a self-assessment, ready for their templates."""

from collections.abc import Sequence
from typing import Any

from leeward.national.queries import OfYear, Whole
from leeward.national.rules.drawn import heat_map_of, radar_of


def pictures_of(whole: Whole, years: Sequence[OfYear]) -> dict[str, Any]:
    """Return both pictures; the radar also shows the year before, where there is one."""
    before = years[-2].means if len(years) > 1 else {}
    radar = radar_of(
        [area.mean for area in whole.areas], [before.get(area.area.id) for area in whole.areas] if before else None
    )
    return {"radar": radar, "heat": heat_map_of(whole.standings)}
