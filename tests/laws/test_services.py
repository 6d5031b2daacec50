"""The register in the database: loaded whole, edited by two persons, every act in the log."""

from datetime import UTC, datetime

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.laws import services
from leeward.laws.errors import (
    AlreadyDecided,
    BadLawFile,
    ChangedOnTheDesk,
    NeedsAnotherReviewer,
    NothingChanged,
)
from leeward.laws.files.packaged import packaged_jurisdictions, packaged_text
from leeward.laws.models import LawRevision
from leeward.laws.queries import law_cited, law_version, register, register_texts
from leeward.laws.register import packaged_register
from tests.personas import Cast

pytestmark = pytest.mark.django_db
COMMAND = Actor("command")
JAMAICA = packaged_text("JM.yaml")
REVIEWED = JAMAICA.replace("review: unreviewed", "review: reviewed")


def test_before_anything_is_loaded_the_shipped_register_holds() -> None:
    assert law_version() == packaged_register().version
    assert register_texts()["JM"] == JAMAICA


def test_a_load_is_in_the_log_and_a_second_one_changes_nothing() -> None:
    first = services.load_register(actor=COMMAND)
    second = services.load_register(actor=COMMAND)
    assert {row.outcome for row in first} == {"added"}
    assert {row.outcome for row in second} == {"unchanged"}
    assert law_version() == packaged_register().version
    assert AuditRow.objects.filter(event="law.loaded", chain=0).count() == 2
    assert LawRevision.objects.count() == 70


def test_one_bad_file_loads_none() -> None:
    texts = {**packaged_jurisdictions(), "NR.yaml": "code: NR\n"}
    with pytest.raises(BadLawFile, match=r"NR\.yaml, line 1"):
        services.load_register(texts, actor=COMMAND)
    assert not LawRevision.objects.exists()


def test_an_edit_takes_two_persons(cast: Cast) -> None:
    services.load_register(actor=COMMAND)
    carl, adam = cast["carl"].actor, cast["adam"].actor
    change = services.propose_edit("JM", text=REVIEWED, reason="read by counsel", actor=carl)
    assert law_version() == packaged_register().version, "a proposal changes nothing"
    with pytest.raises(NeedsAnotherReviewer):
        services.accept_edit(change, actor=carl)
    services.accept_edit(change, actor=adam)
    assert register().jurisdiction("JM").reviewed
    assert law_version() != packaged_register().version
    with pytest.raises(AlreadyDecided):
        services.accept_edit(change, actor=adam)
    events = list(AuditRow.objects.filter(subject="law:JM").order_by("number").values_list("event", flat=True))
    assert events == ["law.edit_proposed", "law.edit_accepted"]


def test_an_edit_may_come_before_the_first_load(cast: Cast) -> None:
    change = services.propose_edit("JM", text=REVIEWED, reason="read", actor=cast["carl"].actor)
    services.accept_edit(change, actor=cast["adam"].actor)
    assert register_texts()["JM"] == REVIEWED
    assert register_texts()["NR"] == packaged_text("NR.yaml")


def test_an_analyst_edits_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.propose_edit("JM", text=REVIEWED, reason="read", actor=cast["ana"].actor)


def test_a_proposal_is_checked_at_once(cast: Cast) -> None:
    carl = cast["carl"].actor
    with pytest.raises(BadLawFile, match="must be one of"):
        services.propose_edit("JM", text=JAMAICA.replace("person: any", "person: x"), reason="", actor=carl)
    with pytest.raises(BadLawFile, match=r"named NR\.yaml"):
        services.propose_edit("NR", text=JAMAICA, reason="", actor=carl)
    with pytest.raises(NothingChanged):
        services.propose_edit("JM", text=JAMAICA.replace("\n", "\r\n"), reason="", actor=carl)


def test_of_two_proposals_for_one_file_the_second_is_out_of_date(cast: Cast) -> None:
    carl, adam = cast["carl"].actor, cast["adam"].actor
    first = services.propose_edit("JM", text=REVIEWED, reason="a", actor=carl)
    second = services.propose_edit("JM", text=REVIEWED.replace("Jamaica\n", "Jamaica \n"), reason="b", actor=carl)
    services.accept_edit(first, actor=adam)
    with pytest.raises(AlreadyDecided):
        services.accept_edit(second, actor=adam)
    services.refuse_edit(second, actor=carl)
    assert LawRevision.objects.get(pk=second).state == "refused"


def test_a_load_does_not_undo_the_desk(cast: Cast) -> None:
    services.load_register(actor=COMMAND)
    change = services.propose_edit("JM", text=REVIEWED, reason="read", actor=cast["carl"].actor)
    services.accept_edit(change, actor=cast["adam"].actor)
    with pytest.raises(ChangedOnTheDesk, match="JM"):
        services.load_register(actor=COMMAND)
    assert register_texts()["JM"] == REVIEWED
    services.load_register({"JM.yaml": REVIEWED}, actor=COMMAND)
    services.load_register(actor=COMMAND, replace=True)
    assert register_texts()["JM"] == JAMAICA


def test_what_was_edited_is_what_a_notice_cites(cast: Cast) -> None:
    text = JAMAICA.replace("short: Child Pornography (Prevention) Act 2009", "short: Act 13 of 2009")
    change = services.propose_edit("JM", text=text, reason="shorter", actor=cast["carl"].actor)
    services.accept_edit(change, actor=cast["adam"].actor)
    assert law_cited("JM", datetime.now(UTC).date()).citation.startswith("Act 13 of 2009 s 2(1)(a)")


def test_a_first_load_of_one_file_keeps_all_the_others() -> None:
    texts = {"JM.yaml": packaged_text("JM.yaml").replace("below: 18", "below: 17", 1)}
    services.load_register(texts, actor=COMMAND)
    assert len(register_texts()) == 70
    assert register_texts()["JM"] == texts["JM.yaml"]
