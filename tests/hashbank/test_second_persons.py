"""Nobody alone changes in the hotline's name what a record means: it waits for a second person, who sees what would change."""

from datetime import UTC, datetime

import pytest

from leeward.administration.tasks import tell_of_decision, tell_of_waiting_decision
from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.errors import DecisionWaits, NothingToSettle
from leeward.hashbank.lists.services.exporting import Selection, outgoing
from leeward.hashbank.models import Membership
from leeward.hashbank.queries import known, record, waiting_for_second
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record, say, settle_record
from leeward.notices.models import StaffNote
from leeward.people.errors import NotSecondPerson
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import FACTS, Desk, bits_off, decide, file_hashes, picture_code
from tests.hashbank.test_pages import signed_in
from tests.having_read import answer_vote, seen_in_form, seen_on
from tests.personas import Cast, add_people

WHY = "A picture of the harbour."
FILE = file_hashes("picture 1")


def second(desk: Desk) -> Actor:
    return add_people({"cleo": ["supervisor"]}, desk.hotline_id)["cleo"].actor


@pytest.mark.parametrize(("verdict", "then"), [("not_illegal", []), ("dispute", []), ("harmless", ["harmless"])])
def test_one_supervisor_alone_takes_nothing_out_of_what_is_known(bank: Desk, verdict: str, then: list[str]) -> None:
    number, cleo = bank.add(1), second(bank)
    before = record(number).state, [row.record_id for row in outgoing(Selection())]
    with pytest.raises(BadInput):
        say(number, verdict, reason=" ", actor=bank.supervisor)
    assert not say(number, verdict, reason=WHY, actor=bank.supervisor)
    assert (record(number).state, [row.record_id for row in outgoing(Selection())]) == before
    (found,) = known(FILE)
    assert (found.match, found.note) == ("known", None)
    assert not found.may_decide, "nobody is judged by a record that one of us doubts"
    for act in (
        lambda: say(number, "dispute", reason=WHY, actor=bank.supervisor),
        lambda: settle_record(number, "harmless", reason=WHY, actor=bank.supervisor),
    ):
        with pytest.raises(DecisionWaits):
            act()
    with pytest.raises(NotAllowed):
        answer_vote(number, agrees=True, actor=bank.supervisor)
    newly = add_people({"newly": ["supervisor"]}, bank.hotline_id, made_at=datetime.now(UTC))["newly"].actor
    with pytest.raises(NotSecondPerson):
        answer_vote(number, agrees=True, actor=newly)
    assert [row.pk for row in waiting_for_second()] == [number]
    answer_vote(number, agrees=True, actor=cleo)
    assert [row.match for row in known(FILE)] == then
    with pytest.raises(NothingToSettle):
        answer_vote(number, agrees=True, actor=cleo)
    said = AuditRow.objects.filter(event__in=("record.vote_proposed", "record.vote_answered")).order_by("id")
    assert [(row.event, row.actor) for row in said] == [
        ("record.vote_proposed", bank.supervisor.label), ("record.vote_answered", cleo.label),
    ]  # fmt: skip


@pytest.mark.parametrize("by_proposer", [True, False])
def test_what_is_taken_back_or_declined_leaves_everything_as_it_was(bank: Desk, by_proposer: bool) -> None:
    number = bank.add(1)
    say(number, "not_illegal", reason=WHY, actor=bank.supervisor)
    answer_vote(number, agrees=False, actor=bank.supervisor if by_proposer else second(bank))
    (found,) = known(FILE)
    assert (found.match, found.may_decide, record(number).vote_change) == ("known", True, None)
    assert not say(number, "not_illegal", reason=WHY, actor=bank.supervisor), "it can be proposed again"


def test_adding_the_file_as_a_look_alike_is_no_way_around(bank: Desk) -> None:
    number = bank.add(1)
    assert add_record(FILE, bank="look-alikes", actor=bank.analyst) == number
    assert [row.match for row in known(FILE)] == ["known"]
    assert record(number).vote_change is not None
    assert Membership.objects.filter(record_id=number).count() == 2


def test_a_new_look_alike_lets_pictures_pass_once_a_second_person_has_confirmed_it(bank: Desk) -> None:
    known_one = bank.add(1)
    near = Hash("pdq", bits_off(picture_code(1), 10), 90)
    asked = [Hash("pdq", bits_off(picture_code(1), 14), 90)]
    number = add_record([near], bank="look-alikes", actor=bank.supervisor)
    assert [row.record_id for row in known(asked)] == [known_one]
    with pytest.raises(NotAllowed):
        answer_vote(number, agrees=True, actor=bank.supervisor)
    answer_vote(number, agrees=True, actor=second(bank))
    assert [(row.record_id, row.match) for row in known(asked)] == [(number, "harmless")]


def test_what_two_people_took_out_is_not_opened_by_one(bank: Desk) -> None:
    number = bank.add(1)
    decide(number, "not_illegal", actor=bank.supervisor)
    add_record(FILE, facts=FACTS, case_id=7, actor=bank.analyst)  # as a decided case does
    assert known(FILE) == []
    answer_vote(number, agrees=True, actor=bank.supervisor)
    (found,) = known(FILE)
    assert (found.match, found.may_decide, record(number).votes[0].case_id) == ("known", True, 7)


def test_the_page_shows_who_said_what_why_and_what_would_change(bank: Desk, cast: Cast) -> None:
    number = bank.add(1)
    carl = signed_in(cast, "carl")
    seen = seen_in_form(carl.get(f"/desk/bank/{number}").content.decode(), "/say")
    post = {"verdict": "harmless", "reason": WHY, "once": new_form_key(), "seen": seen}
    carl.post(f"/desk/bank/{number}/say", post)
    tell_of_waiting_decision(number)
    tell_of_waiting_decision(number)
    cleo = signed_in(add_people({"cleo": ["supervisor"]}, bank.hotline_id), "cleo")
    shown = " ".join(cleo.get(f"/desk/bank/{number}").content.decode().split())
    for text in (
        "Our verdict is to be: Harmless look-alike",
        "proposed by Carl",
        WHY,
        "from “Confirmed” into “Harmless look-alike”",
        "I confirm it",
    ):
        assert text in shown
    assert str(number) in cleo.get("/desk/bank/unsettled").content.decode()
    own = carl.get(f"/desk/bank/{number}").content.decode()
    assert ("Withdraw the proposal" in own, "I confirm it" in own) == (True, False)
    reader = signed_in(cast, "ana").get(f"/desk/bank/{number}").content.decode()
    assert (WHY in reader, "I confirm it" in reader) == (True, False)
    answer = {"answer": "confirm", "seen": seen_on(shown), "once": new_form_key()}
    assert signed_in(cast, "dora").post(f"/desk/bank/{number}/vote", answer).status_code == 404
    cleo.post(f"/desk/bank/{number}/vote", answer)
    assert record(number).state == "harmless"
    tell_of_decision(number)
    whats = StaffNote.objects.order_by("id").values_list("what", flat=True)
    assert list(whats) == ["known_image_asked", "known_image_changed", "known_image_changed"]
