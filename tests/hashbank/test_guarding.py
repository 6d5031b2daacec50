"""The flood guard and what subscribers say: nothing that comes from outside switches a record off."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.errors import DecisionWaits, NothingToSettle
from leeward.hashbank.models import Feedback, MatchCount, Quarantine, RecordHash
from leeward.hashbank.queries import known, open_quarantines, waiting_for_second
from leeward.hashbank.records.services.guarding import forget_counts
from leeward.hashbank.rules.flood import (
    LEAST_DAYS,
    LEAST_MATCHES,
    LEAST_SUBSCRIBERS,
)
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import (
    keep_hash,
    leave_aside,
    leave_in_use,
    note_matches,
    say_of_match,
)
from leeward.hashbank.uploads.services.checking import subscriber_of
from leeward.people.errors import NotSecondPerson
from leeward.people.queries import TokenRow
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import Desk, file_hashes, picture_code
from tests.hashbank.test_pages import signed_in
from tests.having_read import bring_back, seen_in_form, set_aside
from tests.personas import Cast, add_people

ASKED = [Hash("pdq", picture_code(1), 90)]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
HEAVY = LEAST_MATCHES + 1


def hash_id(kind: int) -> int:
    return RecordHash.objects.get(kind=kind).pk


def flood(picture: int, *, subscribers: int, days: int) -> list[int]:
    found: list[int] = []
    for day in range(days):
        for one in range(subscribers):
            at = NOW - timedelta(days=days - 1 - day)
            found += note_matches({picture: HEAVY}, subscriber=f"platform {one}", now=at)
    return found


@pytest.mark.parametrize(("subscribers", "days"), [(1, 7), (LEAST_SUBSCRIBERS - 1, 7), (9, 1)])
def test_one_subscriber_or_one_day_never_moves_a_hash(bank: Desk, subscribers: int, days: int) -> None:
    bank.add(1)
    assert flood(hash_id(5), subscribers=subscribers, days=days) == []
    (found,) = known(ASKED)
    assert (found.match, found.note) == ("near", None)


def test_a_flood_goes_on_matching_with_a_note_until_a_person_settles_it(bank: Desk) -> None:
    bank.add(1)
    picture = hash_id(5)
    assert flood(picture, subscribers=LEAST_SUBSCRIBERS, days=LEAST_DAYS) == [picture]
    (found,) = known(ASKED)
    assert found.match == "near"
    assert "doubted" in (found.note or "")
    assert known(file_hashes("picture 1"))[0].note is None
    row = Quarantine.objects.get()
    assert (row.why, row.subscribers) == ("flood", LEAST_SUBSCRIBERS)
    keep_hash(row.pk, actor=bank.supervisor)
    assert known(ASKED)[0].note is None
    assert note_matches({picture: 10 * HEAVY}, subscriber="platform 0", now=datetime.now(UTC)) == []


def test_two_people_can_take_a_hash_out_of_every_match_and_one_alone_cannot(bank: Desk) -> None:
    bank.add(1)
    flood(hash_id(5), subscribers=LEAST_SUBSCRIBERS, days=LEAST_DAYS)
    row = Quarantine.objects.get()
    with pytest.raises(BadInput):
        set_aside(row.pk, reason=" ", actor=bank.supervisor)
    assert not set_aside(row.pk, reason="A grey area of sky.", actor=bank.supervisor)
    with pytest.raises(NotAllowed):
        set_aside(row.pk, reason="", actor=bank.supervisor)
    newly = add_people({"newly": ["supervisor"]}, bank.hotline_id, made_at=datetime.now(UTC))["newly"].actor
    with pytest.raises(NotSecondPerson):
        set_aside(row.pk, reason="", actor=newly)
    with pytest.raises(DecisionWaits):  # from a page that does not show the proposal yet
        set_aside(row.pk, reason="So do I.", actor=newly)
    assert [found.match for found in known(ASKED)] == ["near"]
    leave_in_use(row.pk, actor=bank.supervisor)
    with pytest.raises(NothingToSettle):
        leave_in_use(row.pk, actor=bank.supervisor)
    assert not set_aside(row.pk, reason="A grey area of sky.", actor=bank.supervisor)
    assert set_aside(row.pk, reason="", actor=add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"].actor)
    assert known(ASKED) == []
    assert len(known(file_hashes("picture 1"))) == 1
    events = AuditRow.objects.filter(event__startswith="hash.").order_by("id").values_list("event", flat=True)
    assert list(events) == [
        "hash.doubted", "hash.aside_proposed", "hash.aside_declined", "hash.aside_proposed", "hash.set_aside",
    ]  # fmt: skip


def test_two_people_bring_a_hash_back_that_was_set_aside(bank: Desk, cast: Cast) -> None:
    number = bank.add(1)
    say_of_match(number, is_true=False, source="Platform One", actor=bank.analyst)
    people = add_people({"cleo": ["supervisor"]}, bank.hotline_id)
    cleo, row = people["cleo"].actor, Quarantine.objects.get()
    with pytest.raises(NothingToSettle):
        bring_back(row.hash_id, reason="It is in use.", actor=cleo)
    set_aside(row.pk, reason="A grey area of sky.", actor=bank.supervisor)
    set_aside(row.pk, reason="", actor=cleo)
    assert known(ASKED) == []
    carl, page = signed_in(cast, "carl"), f"/desk/bank/{number}"
    place = f"{page}/hashes/{row.hash_id}"
    assert place in carl.get(page).content.decode()
    assert place not in signed_in(cast, "ana").get(page).content.decode()
    for name, status in (("ana", 403), ("dora", 409)):
        asked = {"reason": "Mine.", "answer": "return", "once": new_form_key()}
        assert signed_in(cast, name).post(place, asked).status_code == status
    for _ in range(2):  # the second person declines the first time
        carl.post(place, {"reason": "It was right.", "answer": "return", "once": new_form_key()})
        assert known(ASKED) == []
        assert [one.pk for one in waiting_for_second()] == [number]
        with pytest.raises(NotAllowed):
            bring_back(row.hash_id, reason="", actor=bank.supervisor)
        if Quarantine.objects.get().back_by:
            leave_aside(row.hash_id, actor=cleo)
    carl.post(place, {"reason": "It was right.", "answer": "return", "once": new_form_key()})
    with pytest.raises(DecisionWaits):
        bring_back(row.hash_id, reason="I ask too, without having seen the other.", actor=cleo)
    client = signed_in(people, "cleo")
    shown = " ".join(client.get(page).content.decode().split())
    assert ("proposed by Carl" in shown, "It was right." in shown, "I confirm it" in shown) == (True, True, True)
    client.post(place, {"answer": "confirm", "seen": seen_in_form(shown, place), "once": new_form_key()})
    assert [found.match for found in known(ASKED)] == ["near"]
    assert Feedback.objects.get().was_right is False, "who reported it was wrong after all"
    assert waiting_for_second() == []


def test_what_always_matched_often_is_no_flood(bank: Desk) -> None:
    bank.add(1)
    picture = hash_id(5)
    for days in range(37, 7, -1):
        for one in range(LEAST_SUBSCRIBERS):
            values = {"hotline_id": bank.hotline_id, "subscriber": f"platform {one}", "matches": 100}
            MatchCount.objects.create(hash_id=picture, day=TODAY - timedelta(days=days), **values)
    assert flood(picture, subscribers=LEAST_SUBSCRIBERS, days=3) == []
    forget_counts(NOW + timedelta(days=60))
    assert MatchCount.objects.count() == 0


def test_one_file_sent_again_and_again_is_not_counted(bank: Desk) -> None:
    bank.add(1)
    assert flood(hash_id(3), subscribers=9, days=7) == []
    assert MatchCount.objects.count() == 0


def test_reports_go_to_a_person_and_switch_nothing_off(bank: Desk) -> None:
    number = bank.add(1)
    say_of_match(number, is_true=False, source="Platform One", actor=bank.analyst)
    assert Quarantine.objects.get().weight == 0.5
    assert known(ASKED)[0].note is None
    say_of_match(number, is_true=False, source="Platform Two", actor=bank.analyst)
    (found,) = known(ASKED)
    assert found.match == "near"
    assert "doubted" in (found.note or "")
    assert Quarantine.objects.get().weight == 1.0


def test_keys_count_by_their_holder_and_those_that_nobody_else_confirmed_as_one() -> None:
    def subscriber(name: str, agency: str, *, is_vouched: bool) -> str:
        return subscriber_of(TokenRow(1, 1, name, agency, (), NOW, None, None, None, None, is_vouched))

    typed = {
        subscriber(f"Key {one}", agency, is_vouched=False) for one, agency in enumerate(("", "One", "Two", "Three"))
    }
    assert len(typed) == 1, "one administrator alone makes no second subscriber"
    confirmed = {
        subscriber(name, agency, is_vouched=True) for name, agency in (("a", "One"), ("b", " one"), ("c", "Two"))
    }
    assert confirmed == {"one", "two"}
    assert subscriber("Harbour Host", "", is_vouched=True) == "harbour host"


def test_a_reporter_who_was_wrong_weighs_less_and_cannot_forget_it(bank: Desk) -> None:
    first, second = bank.add(1), bank.add(2)
    say_of_match(first, is_true=False, source="Platform One", actor=bank.analyst)
    keep_hash(Quarantine.objects.get().pk, actor=bank.supervisor)
    say_of_match(first, is_true=False, source="Platform One", actor=bank.analyst)
    assert Feedback.objects.get().was_right is False
    say_of_match(first, is_true=True, source="Platform One", actor=bank.analyst)
    assert Feedback.objects.get().was_right is False
    assert Quarantine.objects.filter(settled_at=None).count() == 0
    say_of_match(second, is_true=False, source="Platform One", actor=bank.analyst)
    assert Quarantine.objects.get(settled_at=None).weight == pytest.approx(1 / 3)
    say_of_match(bank.add(3), is_true=False, source="Somebody new", actor=bank.analyst)
    assert [row.weight for row in open_quarantines()] == [0.5, pytest.approx(1 / 3)]
