"""Looking again before a publication, over a real web host: three misses in a row remove, our own outage and time-outs don't."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.blocklist.services import checking
from leeward.demo.world.dns import NameServer
from leeward.demo.world.host import WebHost
from leeward.demo.world.pages import plain
from leeward.sealing.errors import WordsLocked
from tests.blocklist.conftest import Lists, brief, listed
from tests.personas import Cast

HOST, CONTROL = "pictures.bad-host.example", "control.example"
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GAP = timedelta(minutes=10)


@dataclass
class Site:
    """A page that is listed, and the clock of the looks."""

    web: WebHost
    list_id: int
    entry_id: int
    looks: int = 0

    def look(self, after: timedelta = GAP) -> int:
        from leeward.blocklist.services import recheck_list

        self.looks += 1
        return recheck_list(self.list_id, now=START + self.looks * after)

    @property
    def entry(self) -> Any:
        from leeward.blocklist.models import Entry

        return Entry.objects.get(pk=self.entry_id)


@pytest.fixture
def site(cast: Cast, lists: Lists, settings: Any) -> Iterator[Site]:
    with WebHost() as web, NameServer() as names:
        for name in (HOST, CONTROL):
            names.set(name, "A", "127.0.0.1")
        web.site(CONTROL).put("/", plain("Control"))
        web.site(HOST).put("/a", plain("Pictures"))
        settings.LEEWARD = settings.LEEWARD.model_copy(
            update={
                "dns_resolvers": (names.resolver,),
                "fetch_allowed_networks": ("127.0.0.0/8",),
                "control_url": web.address_of(CONTROL),
                "fetch_seconds": 3.0,
            }
        )
        case = brief(cast, web.address_of(HOST, "/a"))
        yield Site(web, lists.national, listed(cast, lists.national, case=case))


def test_three_misses_in_a_row_remove_it(site: Site) -> None:
    assert site.look() == 0
    assert (site.entry.check_outcome, site.entry.misses) == ("same", 0)
    site.web.site(HOST).take_down("/a")
    assert [site.look() for _ in range(3)] == [0, 0, 1]
    assert (site.entry.state, site.entry.ending) == ("removed", "gone")
    assert site.look() == 0


def test_a_page_whose_password_can_not_be_opened_here_is_checked_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_location_id: int) -> None:
        raise WordsLocked

    with monkeypatch.context() as now:
        now.setattr(checking.hosting_services, "probe", locked)
        assert site.look() == 0, "the others are checked all the same"
    assert (site.entry.checked_at, site.entry.misses) == (None, 0)
    site.look()
    assert site.entry.check_outcome == "same"


def test_a_page_that_comes_back_begins_anew(site: Site) -> None:
    site.web.site(HOST).take_down("/a")
    assert [site.look(), site.look()] == [0, 0]
    site.web.site(HOST).restore("/a")
    site.look()
    assert site.entry.misses == 0
    assert site.entry.state == "approved"


def test_looks_in_quick_succession_count_once(site: Site) -> None:
    site.web.site(HOST).take_down("/a")
    for _ in range(5):
        site.look(timedelta(seconds=5))
    assert site.entry.misses == 1


def test_our_own_outage_removes_nothing(site: Site) -> None:
    site.web.site(HOST).take_down("/a")
    site.web.site(CONTROL).take_down("/", status=503)
    for _ in range(4):
        site.look()
    assert (site.entry.state, site.entry.misses) == ("approved", 0)


def test_a_partners_entry_is_looked_at_too(
    cast: Cast, lists: Lists, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leeward.audit.services import _held
    from leeward.blocklist.models import Entry
    from leeward.blocklist.services import import_list, open_list, recheck_list
    from leeward.foundation.actor import SYSTEM, Actor

    made = open_list("partner", title="P", kind="partner", source="P", hotline_id=cast.hotline_id, actor=SYSTEM)
    import_list(made.id, b"nobody.example", source="P", basis="Agreement, section 4", actor=Actor(kind="command"))
    turns, open_location = [], checking.hosting_services.open_location
    monkeypatch.setattr(
        checking.hosting_services, "open_location", lambda **it: turns.append(_held.chains) or open_location(**it)
    )
    done = [recheck_list(made.id, now=START + GAP * turn) for turn in range(3)]
    assert done == [0, 0, 1]
    assert turns, "its place was opened"
    assert all(cast.hotline_id in one for one in turns), "in the hotline’s turn, as whoever opens a case of it"
    assert Entry.objects.get(list_id=made.id).ending == "gone"


def test_a_list_is_looked_at_for_as_long_as_there_is_time_the_longest_unseen_first(cast: Cast, site: Site) -> None:
    from leeward.blocklist.models import Entry
    from leeward.blocklist.services import import_list, open_list, recheck_list
    from leeward.foundation.actor import SYSTEM, Actor

    made = open_list("partner", title="P", kind="partner", source="P", hotline_id=cast.hotline_id, actor=SYSTEM)
    import_list(
        made.id,
        b"a.nobody.example\nb.nobody.example",
        source="P",
        basis="Agreement, section 4",
        actor=Actor(kind="command"),
    )
    rows = Entry.objects.filter(list_id=made.id).order_by("host")
    recheck_list(made.id, now=START, within=timedelta(0))
    assert list(rows.values_list("checked_at", flat=True)) == [None, None], "no time, no look"
    recheck_list(made.id, now=START)
    assert list(rows.values_list("checked_at", flat=True)) == [START, START], "all that is due"
