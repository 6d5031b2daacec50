"""A case worth blocking, and the two lists of the hotline of Jamaica."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.foundation.actor import SYSTEM
from tests.personas import Cast

FACTS: dict[str, Any] = {
    "real_person": "yes",
    "age_band": "7-10",
    "sex": "undetermined",
    "medium": "photograph",
    "act": "uk_a",
}


@dataclass(frozen=True)
class Lists:
    """The two own lists of a hotline."""

    national: int
    worst_of: int


@pytest.fixture
def lists(cast: Cast) -> Iterator[Lists]:
    """The own lists, with the hotline's scope open."""
    from django_scopes import scope

    from leeward.blocklist.services import open_own_lists

    with scope(hotline=cast.hotline_id):
        national, worst_of = open_own_lists(cast.hotline_id, actor=SYSTEM)
        yield Lists(national.id, worst_of.id)


def brief(cast: Cast, address: str = "https://bad.example/pictures/1.html", **given: Any) -> Any:
    """What the desk says of a decided case whose host was asked to remove it."""
    from leeward.blocklist.rules.brief import BlockBrief
    from leeward.hosting.rules.urls import BadAddress, canonical_url
    from leeward.hosting.services import open_location

    try:
        url = canonical_url(address)
        location = open_location(hotline_id=cast.hotline_id, kind="url", display=url.url, comparable=url.key)
    except BadAddress:
        location = open_location(hotline_id=cast.hotline_id, kind="unknown", display="?", comparable="?")
    values: dict[str, Any] = {
        "case_id": 17,
        "reference": "2026-0017",
        "hotline_id": cast.hotline_id,
        "location_id": location,
        "kind": "url",
        "address": address,
        "is_decided": True,
        "facts": FACTS,
        "tried_by": "notice",
        "tried_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "people": (),
    }
    return BlockBrief(**values | given)


def propose(cast: Cast, list_id: int, *, by: str = "ana", address: str = "", **given: Any) -> int:
    """Propose an entry; one page of bad.example unless told otherwise."""
    from leeward.blocklist.services import propose_entry

    case = given.pop("case", None) or (brief(cast, address) if address else brief(cast))
    values: dict[str, Any] = {"scope": "url", "target": ""}
    return propose_entry(case, list_id=list_id, actor=cast[by].actor, **values | given)


def listed(cast: Cast, list_id: int, **given: Any) -> int:
    """An entry that Ana proposed and Carl approved."""
    from leeward.blocklist.services import approve_entry

    entry_id = propose(cast, list_id, **given)
    approve_entry(entry_id, actor=cast["carl"].actor)
    return entry_id
