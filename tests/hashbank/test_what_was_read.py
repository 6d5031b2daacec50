"""A second person answers what they have read about a known image or a source, and nothing that was proposed since."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leeward.foundation.actor import Actor
from leeward.hashbank import services
from leeward.hashbank.models import LiveSource, Quarantine, Ruling, Source, SourceChange, VoteChange
from leeward.hashbank.queries import mark_of_agreement, record
from leeward.hashbank.records.marks import mark_of_aside, mark_of_back
from leeward.hashbank.sources.services import agreeing
from leeward.people.errors import EnteredSince
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import FACTS, Desk, file_hashes
from tests.hashbank.feeds import TERMS
from tests.hashbank.test_pages import signed_in
from tests.having_read import answer_change, answer_ruling, answer_vote, seen_on, set_aside
from tests.personas import Cast, add_people

WHY = "A picture of the harbour."


@pytest.fixture
def people(bank: Desk) -> Cast:
    return add_people({"cleo": ["supervisor"]}, bank.hotline_id)


def test_a_vote_that_was_taken_back_and_proposed_anew(bank: Desk, people: Cast) -> None:
    number = bank.add(1)
    cleo, place = signed_in(people, "cleo"), f"/desk/bank/{number}"
    services.say(number, "dispute", reason=WHY, actor=bank.supervisor)
    shown = cleo.get(place).content.decode()
    answer_vote(number, agrees=False, actor=bank.supervisor)
    services.say(number, "harmless", reason=WHY, actor=bank.supervisor)
    cleo.post(f"{place}/vote", {"answer": "confirm", "seen": seen_on(shown), "once": new_form_key()})
    assert record(number).state == "confirmed"
    shown = cleo.get(place).content.decode()
    assert "Something else was entered since you opened this page." in shown
    cleo.post(f"{place}/vote", {"answer": "confirm", "seen": seen_on(shown), "once": new_form_key()})
    assert record(number).state == "harmless"
    assert VoteChange.objects.filter(agreed=True).count() == 1


def test_a_change_of_a_source(bank: Desk, people: Cast) -> None:
    services.add_record(file_hashes("x"), source="Platform One", facts=FACTS, actor=bank.analyst)
    one = Source.objects.get(name="Platform One")
    services.propose_change(one.pk, "doubt", actor=bank.supervisor)
    seen = mark_of(SourceChange.objects.get().pk)
    answer_change(one.pk, agrees=False, actor=bank.supervisor)
    services.propose_change(one.pk, "vouch", actor=bank.supervisor)
    with pytest.raises(EnteredSince):
        services.answer_change(one.pk, seen=seen, agrees=True, actor=people["cleo"].actor)
    assert not Source.objects.get(pk=one.pk).vouches


def test_a_ruling(bank: Desk, people: Cast) -> None:
    for name in ("IWF", "NCMEC"):
        services.add_record(file_hashes("x"), source=name, facts=FACTS, actor=bank.analyst)
    number = services.add_record(file_hashes("x"), source="Stock photos", verdict="harmless", actor=bank.analyst)
    assert not services.settle_record(number, "harmless", reason=WHY, actor=bank.supervisor)
    seen = mark_of(Ruling.objects.get().pk)
    answer_ruling(number, agrees=False, actor=bank.supervisor)
    services.settle_record(number, "not_illegal", reason=WHY, actor=bank.supervisor)
    with pytest.raises(EnteredSince):
        services.answer_ruling(number, seen=seen, agrees=True, actor=people["cleo"].actor)


def test_a_hash_that_is_set_aside_and_brought_back(bank: Desk, people: Cast) -> None:
    cleo, carl = people["cleo"].actor, bank.supervisor
    services.say_of_match(bank.add(1), is_true=False, source="Platform One", actor=bank.analyst)
    row = Quarantine.objects.get()
    services.set_aside(row.pk, reason="Grey.", seen="", actor=carl)
    seen = mark_of_aside(Quarantine.objects.get())
    services.leave_in_use(row.pk, actor=carl)
    services.set_aside(row.pk, reason="Something else.", seen="", actor=carl)
    with pytest.raises(EnteredSince):
        services.set_aside(row.pk, reason="", seen=seen, actor=cleo)
    assert set_aside(row.pk, reason="", actor=cleo)
    services.bring_back(row.hash_id, reason="It was right.", seen="", actor=carl)
    seen = mark_of_back(Quarantine.objects.get())
    services.leave_aside(row.hash_id, actor=carl)
    services.bring_back(row.hash_id, reason="For another reason.", seen="", actor=carl)
    with pytest.raises(EnteredSince):
        services.bring_back(row.hash_id, reason="", seen=seen, actor=cleo)


@pytest.fixture
def run(bank: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    from leeward.cli import bank_sources

    command = Actor(kind="command", hotline_id=bank.hotline_id)
    monkeypatch.setattr(bank_sources, "in_hotline", lambda _slug: nullcontext(command))

    def said(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(bank_sources.app, [*words], standalone_mode=False)
        if done.exception:
            raise done.exception
        return int(done.return_value or 0), done.stdout

    return said


def test_an_agreement_that_was_recorded_anew(
    bank: Desk, cast: Cast, run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    carl, adam = cast["carl"].actor, cast["adam"].actor
    agreeing.add_source(
        "feed", protocol="ncmec", url="https://feed.example/npo", source="Clearing House",
        secrets={"user": "leeward", "password": "demonstration"}, actor=carl,
    )  # fmt: skip
    agreeing.agree("feed", **TERMS, actor=carl)
    code, shown = run("agree", "feed", "--confirm")
    assert (code, LiveSource.objects.get().second_at) == (1, None)
    seen = mark_of_agreement(LiveSource.objects.get())
    assert seen in shown
    agreeing.agree("feed", terms="Another memorandum", agreed_on=date(2026, 5, 31), actor=carl)
    with pytest.raises(EnteredSince):
        agreeing.confirm("feed", seen=seen, actor=adam)
    with pytest.raises(EnteredSince):
        run("agree", "feed", "--confirm", "--seen", seen)
    shown = signed_in(cast, "adam").get("/desk/bank/live-sources").content.decode()
    agreeing.confirm("feed", seen=seen_on(shown), actor=adam)
    assert LiveSource.objects.get().second_at is not None
