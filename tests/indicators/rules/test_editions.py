"""All editions of a year together, and what a further one may not tell."""

from leeward.indicators.rules.cells import sums_of
from leeward.indicators.rules.editions import Beside, Edition, changed_by_few, medians_shown, together
from leeward.indicators.suppression.hiding import hidden_in

FIRST = {"reports": 54, "kind:me": 4, "kind:page": 20, "kind:else": 30, "cases": 0, "outcome:illegal": 0}
SHOWN = {**FIRST, "kind:me": None, "kind:page": None}


def test_one_edition_alone_is_itself() -> None:
    alone = together(FIRST, [])
    assert alone.cells == FIRST
    assert (alone.hidden, alone.known) == (frozenset(), frozenset())
    assert ("reports", ("kind:me", "kind:page", "kind:else")) in alone.sums


BOTH_HIDDEN = {"kind:me": None, "kind:page": None}


def test_what_changed_stands_for_itself_in_each_edition_and_what_did_not_is_one_cell() -> None:
    now = FIRST | {"kind:page": 30, "reports": 64}
    both = together(now, [Edition(SHOWN, FIRST)])
    assert both.cells == now | {"kind:page 20": 20, "reports 54": 54}
    assert both.hidden == {"kind:page 20"}, "what is hidden in it and still counts now is decided anew"
    assert both.known == {"kind:else", "cases", "outcome:illegal", "reports 54"}
    assert both.hidden_before == {"kind:me", "kind:page 20"}
    assert ("reports", ("kind:me", "kind:page", "kind:else")) in both.sums
    assert both.sums_before[0] == ("reports 54", ("kind:me", "kind:page 20", "kind:else"))
    assert {*both.sums_before} < {*both.sums}
    assert len(both.sums) == len(set(both.sums))
    third = together(FIRST, [Edition(SHOWN, FIRST), Edition({**now, "kind:me": None}, now)])
    assert third.known >= {"kind:page 30", "reports 64"}
    assert third.cells["kind:page"] == 20
    assert len(third.sums_before) == len(set(third.sums_before))
    assert {"reports", "reports 64"} <= {whole for whole, _parts in third.sums_before}
    shown_once = together(now, [Edition(SHOWN, FIRST), Edition(FIRST, FIRST)])
    assert "kind:page 20" in shown_once.known
    assert not shown_once.hidden, "once shown is known"
    assert not shown_once.hidden_before


def test_what_was_shown_and_is_almost_the_same_is_hidden() -> None:
    def hidden(**changes: int) -> frozenset[str]:
        now = FIRST | {name.replace("_", ":"): number for name, number in changes.items()}
        return together({name: n for name, n in now.items() if n >= 0}, [Edition(FIRST | BOTH_HIDDEN, FIRST)]).hidden

    assert hidden() == frozenset()
    assert hidden(kind_else=31, reports=59) == {"kind:else"}
    assert hidden(kind_else=26) == {"kind:else"}
    assert hidden(kind_else=25) == hidden(kind_else=35) == frozenset()
    assert hidden(kind_page=21) == {"kind:page 20"}, "it was hidden before"
    assert hidden(kind_else=-1) == frozenset(), "what is 0 now has no cell"
    again = together(
        FIRST | {"kind:else": 31},
        [Edition(FIRST, FIRST), Edition(FIRST | {"kind:else": 31}, FIRST | {"kind:else": 31})],
    )
    assert "kind:else" not in again.hidden, "another edition has shown just this"


def test_every_report_is_a_case_or_a_further_one_over_all_years_together() -> None:
    shown: dict[str, int | None] = {"reports": 30, "cases": 27, "again": None}
    other = Edition(shown, {"reports": 30, "cases": 27, "again": 2})
    now = {"reports": 40, "cases": 38, "again": 3}
    group = Beside("portal", {"jm 2024": other})
    every = together(now, [], beside=[group])
    assert every.cells == now | {"jm 2024 reports": 30, "jm 2024 cases": 27, "jm 2024 again": 2, "portal": 70}
    assert every.free == {"portal"}
    assert every.known == {"jm 2024 reports", "jm 2024 cases"}
    assert every.hidden_before == {"jm 2024 again"}
    assert every.sums == [
        ("portal", ("reports", "jm 2024 reports")),
        ("portal", ("cases", "again", "jm 2024 cases", "jm 2024 again")),
    ]
    assert every.sums_before == []
    hidden = hidden_in(every.cells, every.sums, also=every.hidden_before, known=every.known, free=every.free)
    assert hidden is not None
    assert {"again", "jm 2024 again"} < hidden, (
        "with 2 in one year and 3 in the other both are 1 to 5 only while more is hidden"
    )
    # Where it doesn't add up, nothing follows from it; in a year in which it does, it stands for that year alone.
    assert together(now | {"reports": 42}, [], beside=[group]).sums == []
    alone = {"reports": 29, "cases": 27, "again": 2}
    beside = Beside("hotline", {"jm 2024": Edition(shown | {"reports": None}, alone)})
    every = together(now, [], beside=[beside])
    assert every.sums == every.sums_before == [("jm 2024 reports", ("jm 2024 cases", "jm 2024 again"))]
    assert every.hidden_before == {"jm 2024 again", "jm 2024 reports"}
    assert every.free == frozenset()
    # An edition from before further reports were counted says nothing, and then the whole is not known.
    old = Edition({"reports": 30, "cases": 26}, {"reports": 30, "cases": 26})
    half = Edition({"reports": 30, "cases": 26}, {"reports": 30, "cases": 26, "again": 4})
    assert together(now, [], beside=[Beside("hotline", {"jm 2023": half})]).cells == now
    every = together(
        now | {"reports": 42}, [], beside=[Beside("hotline", {"jm 2023": old, "jm 2024": Edition(shown, alone)})]
    )
    assert "jm 2023 reports" not in every.cells
    assert every.free == frozenset()


def test_what_is_mostly_the_same_in_two_tables_is_known_where_it_is() -> None:
    cells = {"reports": 40, "cases": 38, "again": 2, "provider_reports": 3, "channel:provider": 3, "channel:form": 37}
    cells |= {"first_hours:never": 4, "first_hours:24": 34, "outcome:open": 4, "outcome:illegal": 34}
    found = sums_of(cells)
    for one in (
        ("reports", ("cases", "again")),
        ("provider_reports", ("channel:provider",)),
        ("first_hours:never", ("outcome:open",)),
    ):
        assert one in found
    apart = sums_of(cells | {"again": 1, "provider_reports": 4, "outcome:open": 5})
    assert not {("reports", ("cases", "again")), ("provider_reports", ("channel:provider",))} & {*apart}
    assert ("first_hours:never", ("outcome:open",)) not in apart


def few(now: dict[str, int], *earlier: dict[str, int], shown: dict[str, int | None] | None = None) -> object:
    return changed_by_few(now, [Edition(one if shown is None else one | shown, one) for one in earlier])


def test_a_table_in_which_fewer_than_five_changed_is_named_with_the_edition() -> None:
    assert few(FIRST) is None
    assert few(FIRST, FIRST) is None
    assert few(FIRST | {"kind:else": 31, "kind:page": 23}, FIRST) == ("kind", 1)
    assert few(FIRST | {"kind:else": 26, "kind:page": 23}, FIRST) == ("kind", 1), "it counts what moved, either way"
    assert few(FIRST | {"kind:else": 26}, FIRST) == ("kind", 1)
    assert few(FIRST | {"kind:else": 25}, FIRST) is None
    assert few(FIRST | {"kind:else": 33, "kind:page": 22}, FIRST) is None, "five reports changed"
    assert few({name: n for name, n in FIRST.items() if name != "kind:me"}, FIRST) == ("kind", 1), "4 are 0 now"
    now = FIRST | {"kind:else": 31, "kind:page": 19}
    assert few(now, FIRST, shown={"kind:else": None, "kind:page": None}) is None, "nobody has seen these"
    assert few(now, FIRST, shown={"kind:else": None}) == ("kind", 1)
    assert few(FIRST | {"kind:new": 4}, FIRST) is None, "it is small, and hidden as such"
    assert few(FIRST | {"again": 9}, FIRST | {"again": 8}) == ("again", 1)
    assert few(FIRST | {"again": 9}, FIRST | {"again": 4}) is None


def test_only_what_is_not_public_yet_counts() -> None:
    """Two editions a report apart, of a time when nobody checked: a third may be as either, or five from both."""
    second = FIRST | {"kind:else": 31}
    assert few(second, FIRST, second) is None
    assert few(FIRST, FIRST, second) is None
    assert few(FIRST | {"kind:else": 35}, FIRST, second) == ("kind", 2)
    assert few(FIRST | {"kind:else": 36}, FIRST, second) is None
    assert few(FIRST | {"kind:else": 26}, FIRST, second) == ("kind", 1)


def test_a_table_that_an_edition_did_not_have_yet_tells_nothing() -> None:
    now = {"appeals": 9, "appeal:open": 4, "appeal:upheld": 5}
    assert few(now, {"cases": 3}) is None
    assert few(now, {"appeals": 9}) is None
    assert few(now, {"cases": 3}, now | {"appeal:upheld": 6}) == ("appeal", 2), "the next is looked at all the same"


def test_medians_are_shown_where_every_cell_beside_them_is() -> None:
    shown = {"up_hours:24": 9, "up_hours:48": None, "first_hours:24": 20, "up_hours_more:1": 3}
    assert medians_shown({"up_hours": 3, "first_hours": 5}, shown) == {"up_hours": None, "first_hours": 5}
    assert medians_shown({"up": 3}, shown) == {"up": 3}


def test_a_median_that_moved_while_fewer_than_five_did_in_its_table_is_hidden() -> None:
    """Hours that change within one span leave the table as it was."""
    then = {"up_hours:24": 20, "up_hours:48": 9, "other:1": 3}

    def told(hours: int, now: dict[str, int], *earlier: tuple[int | None, dict[str, int]]) -> int | None:
        before = [Edition(counted, counted, {"up_hours": median}) for median, counted in earlier]
        return medians_shown({"up_hours": hours}, now, before)["up_hours"]

    moved, more = then | {"up_hours:24": 24}, then | {"up_hours:24": 25}
    assert told(4, then, (3, then)) is None
    assert told(3, then, (3, then)) == 3
    assert told(4, moved, (3, then)) is None
    assert told(4, then, (3, moved)) is None
    assert told(4, more, (3, then)) == 4
    assert told(3, moved, (3, then)) == 3
    assert told(4, then, (None, then)) == 4, "nobody has read another"
    assert told(4, then, (3, then), (4, then)) == 4, "an edition has shown both side by side already"
    assert told(4, more, (3, then), (5, more)) is None
    assert medians_shown({"up_hours": 4}, then, [Edition(then, then)]) == {"up_hours": 4}
