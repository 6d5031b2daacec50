"""Who fetches lists of hashes: what each key holds, when that raises an alarm, who is told, and the page that shows it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.audit.models import AuditRow
from leeward.casework.acting.services.alerting import hash_reader_alarmed
from leeward.foundation.errors import BadInput
from leeward.hashbank.lists.services.exporting import open_list
from leeward.hashbank.lists.services.following import watch_readers
from leeward.hashbank.lists.services.publishing import publish_list
from leeward.hashbank.models import HashList, ListReader
from leeward.hashbank.queries import reader_rows, readers
from leeward.notices.models import StaffNote
from leeward.people.queries import token_of
from leeward.people.services.tokens import revoke_token
from tests.hashbank.asking import key, with_key
from tests.hashbank.conftest import Desk
from tests.hashbank.test_pages import signed_in
from tests.personas import Cast

NOW = datetime.now(UTC)


def after(**time: int) -> str:
    """The alarm, if there is one, that somebody who looks so much later raises."""
    watch_readers(now=NOW + timedelta(**time))
    return str(ListReader.objects.get().alarm)


def test_what_a_key_holds_and_when_that_is_wrong(
    bank: Desk, cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    mine = key(cast, "subscriber")
    number = token_of(mine).id
    carl = signed_in(cast, "carl")
    assert "open-list" in carl.get("/desk/bank/lists").content.decode(), "what to do next, before there is a list"
    open_list("national", formats=["csv"], readers=[number], actor=bank.supervisor)
    assert after(days=9) == "", "there is nothing to fetch yet"
    bank.add(1)
    publish_list("national", actor=bank.supervisor, now=NOW)
    assert (after(days=2), after(days=4)) == ("", "never_fetched")

    def fetch(form: str = "csv", **query: object) -> int:
        return client.get(f"/api/v1/hash-lists/national/{form}", query, **with_key(mine)).status_code

    assert (fetch(), after(days=9)) == (200, ""), "it holds what is given out, however long ago"
    [row] = reader_rows(readers())
    assert (row.version, row.newest, row.behind, row.behind_since, row.form) == (1, 1, 0, None, "csv")
    publish_list("national", actor=bank.supervisor, now=NOW + timedelta(days=1))
    publish_list("national", actor=bank.supervisor, now=NOW + timedelta(days=2))
    [row] = reader_rows(readers())
    assert (row.behind, row.behind_since) == (2, NOW + timedelta(days=1))
    assert (after(days=2), after(days=3)) == ("", "stale")
    assert (fetch("vics"), fetch(since=99), after(hours=1)) == (404, 409, "failing")
    [row] = reader_rows(readers())
    assert (row.version, row.failure) == (1, "version_in_future")
    with django_assert_max_num_queries(12):
        page = carl.get("/desk/bank/lists").content.decode()
    assert "Fetches fail" in page
    assert "never published" in page
    assert (fetch(since=3), after(days=9)) == (304, "")
    events = AuditRow.objects.filter(event__startswith="hash_reader.").order_by("number")
    told = [(one.event, json.loads(one.facts)["alarm"]) for one in events]
    assert told == [
        ("hash_reader.alarmed", "never_fetched"), ("hash_reader.calmed", "none"), ("hash_reader.alarmed", "stale"),
        ("hash_reader.alarmed", "failing"), ("hash_reader.calmed", "none"),
    ]  # fmt: skip
    revoke_token(number, actor=cast["adam"].actor)
    publish_list("national", actor=bank.supervisor, now=NOW + timedelta(days=3))
    assert after(days=9) == "", "the key is revoked: nobody waits for it"
    assert "Revoked" in carl.get("/desk/bank/lists").content.decode()


def test_those_who_can_mend_it_are_written_to_once(bank: Desk, cast: Cast) -> None:
    number = token_of(key(cast, "subscriber")).id
    open_list("national", readers=[number], actor=bank.supervisor)
    publish_list("national", actor=bank.supervisor, now=NOW)
    assert after(days=4) == "never_fetched"
    row = ListReader.objects.get()
    assert hash_reader_alarmed(row.pk) > 0
    assert hash_reader_alarmed(row.pk) == 0
    assert {(one.what, one.path) for one in StaffNote.objects.all()} == {("hashes_never_fetched", "/desk/bank/lists")}
    from leeward.notices.staff import staff_mail

    assert "never fetched its list of hashes" in staff_mail(StaffNote.objects.all()[0]).body


def test_what_is_not_named_stays(bank: Desk, cast: Cast) -> None:
    first, second = (token_of(key(cast, "subscriber")).id for _ in range(2))
    bank.add(1)

    def held() -> tuple[object, ...]:
        row = HashList.objects.get()
        return row.title, row.banks, row.kinds, row.baseline_only, row.formats, row.readers

    everything = {"banks": ["general"], "kinds": ["pdq"], "baseline_only": True, "formats": ["csv"], "readers": [first]}
    open_list("national", title="For hosts", actor=bank.supervisor, **everything)
    whole = ("For hosts", ["general"], ["pdq"], True, ["csv"], [first])
    assert held() == whole
    open_list("national", actor=bank.supervisor)
    assert held() == whole
    since = ListReader.objects.get().since
    open_list("national", readers=[first, second], actor=bank.supervisor)
    assert held() == (*whole[:-1], sorted([first, second]))
    assert ListReader.objects.get(key_id=first).since == since
    assert HashList.objects.get().selected_at is None, "it holds what it held: steps from before stay good"
    open_list("national", kinds=[], baseline_only=False, readers=[second], actor=bank.supervisor)
    assert held() == ("For hosts", ["general"], [], False, ["csv"], [second])
    assert [row.key_id for row in ListReader.objects.all()] == [second]
    assert HashList.objects.get().selected_at is not None
    for wrong in ({"readers": [987]}, {"formats": ["xyz"]}, {"banks": ["nowhere"]}):
        with pytest.raises(BadInput):
            open_list("national", actor=bank.supervisor, **wrong)
    assert held()[-1] == [second]
