"""What helps now, for every kind of report, age and shape of a country's helplines."""

import itertools
from dataclasses import dataclass

from leeward.intake.next_steps import COMFORTS, STEPS, TALK
from leeward.intake.rules.draft import KINDS
from leeward.intake.rules.next_step import SELF, TALKS, Situation, next_step
from leeward.intake.rules.own_picture import OWN
from tests.journeys.test_reading_level import grade


@dataclass(frozen=True)
class One:
    whom: str = "child"
    is_shown: bool = True
    number: str = "116"
    open_now: bool | None = None


COUNTRIES = {
    "no helpline": (),
    "unconfirmed": (One(is_shown=False), One("own", is_shown=False)),
    "closed now": (One(open_now=False), One("adult", open_now=False), One("own", open_now=False)),
    "number only": (One(),),
    "chat only": (One(number=""), One("own", number="")),
    "open now": (One("own", open_now=True), One("adult", open_now=True), One(open_now=True)),
}
YES_NO = (True, False)
GRID = [
    (Situation(kind=kind, young=young, is_threatened=threat, in_danger=danger, offers_own_picture=own, has_police_page=police), name)
    for kind, young, threat, danger, own, police, name in itertools.product(
        (*KINDS, OWN, SELF), YES_NO, YES_NO, YES_NO, YES_NO, YES_NO, COUNTRIES
    )
]  # fmt: skip


def test_everybody_gets_somebody_to_talk_to_something_to_do_and_a_comfort() -> None:
    for now, country in GRID:
        found = next_step(now, COUNTRIES[country])
        assert set(found.steps) <= set(STEPS)
        assert set(found.comforts) <= set(COMFORTS)
        assert len(found.steps) * len(found.comforts)
        assert len(set(found.steps)) == len(found.steps)
        assert all(line.is_shown for line in found.lines), "never one that nobody has called"
        assert (found.talk == "none") == (not found.lines)
        assert all((line.whom == "own") <= (now.kind == SELF) for line in found.lines)
        if country == "closed now":
            assert found.talk == "closed"
        if country == "open now":
            assert found.talk == "open"
        if country == "chat only":
            assert found.talk in ("write", "none" if now.kind == SELF and not now.young else "write")
        if country == "number only":
            assert found.talk == ("none" if now.kind == SELF and not now.young else "call")
    assert set(TALK) == set(TALKS)


def test_who_is_named_first() -> None:
    def named(kind: str, *, young: bool, danger: bool = False) -> list[str]:
        now = Situation(
            kind=kind, young=young, is_threatened=False, in_danger=danger, offers_own_picture=True, has_police_page=True
        )
        return [line.whom for line in next_step(now, COUNTRIES["open now"]).lines]

    def first(kind: str, *, young: bool, danger: bool = False) -> str:
        return named(kind, young=young, danger=danger)[0]

    assert {first(kind, young=True) for kind in KINDS} == {"child"}
    assert (first("page", young=False), first("me", young=False), first("contact", young=False)) == (
        "adult",
        "adult",
        "child",
    )
    assert first("danger", young=False, danger=True) == "child"
    assert (named(SELF, young=True), named(SELF, young=False)) == (["own", "child"], ["own", "adult"])


def test_nobody_hears_that_it_is_not_the_hour_while_somebody_answers() -> None:
    now = Situation(
        kind="danger", young=True, is_threatened=False, in_danger=True, offers_own_picture=False, has_police_page=False
    )
    found = next_step(now, (One(open_now=False), One("adult", open_now=True)))
    assert ([line.whom for line in found.lines], found.talk) == (["adult", "child"], "open")


def test_whoever_is_threatened_is_told_what_helps_and_that_they_are_not_in_trouble() -> None:
    for now, country in GRID:
        found = next_step(now, COUNTRIES[country])
        if now.kind == SELF:
            assert (found.pages, "tell_adult" in found.steps) == ((), False)
            continue
        if now.is_threatened:
            order = [
                found.steps.index(code)
                for code in ("dont_pay", "dont_send", "stop_answering", "keep_messages", "block")
            ]
            assert order == sorted(order), "the messages are kept before the account is blocked"
            assert "not_in_trouble" in found.comforts
        assert ("dont_pay" in found.steps) == now.is_threatened
        assert ("not_your_fault" in found.comforts) == (now.kind in ("me", OWN))
        assert ("in_your_head" in found.comforts) == (
            now.kind == "page" and not now.is_threatened and not now.in_danger
        )
        assert ("dont_send" in found.steps) == (now.is_threatened or now.kind in ("me", OWN))
        assert ("go_safe" in found.steps) == now.in_danger
        assert ("close_it" in found.steps) == (now.kind == "page" and not now.is_threatened)
        assert ("tell_adult" in found.steps) == now.young
        assert ("own_picture" in found.pages) == (now.offers_own_picture and now.kind == "me")
        assert ("police" in found.pages) == now.has_police_page


def test_under_18_the_words_change_and_nothing_is_left_out() -> None:
    for now, country in GRID:
        if now.young and now.kind != SELF:
            young = next_step(now, COUNTRIES[country])
            older = next_step(Situation(**{**_fields(now), "young": False}), COUNTRIES[country])
            assert set(older.steps) - {"tell_somebody"} == set(young.steps) - {"tell_adult"}
            assert (young.comforts, young.pages) == (older.comforts, older.pages)
    both = [words for table in (TALK, STEPS, COMFORTS) for words in table.values()]
    young_words = [sentence.split() for _adult, young in both for sentence in str(young).split(". ")]
    assert grade(young_words) <= 6


def _fields(now: Situation) -> dict[str, object]:
    return {name: getattr(now, name) for name in Situation.__dataclass_fields__}
