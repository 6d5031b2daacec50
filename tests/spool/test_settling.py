"""Settling what could not be taken in: many of one cause at once, and never a wait for the face's file inside a transaction of the desk."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.errors import NotFound
from leeward.intake.models import Report
from leeward.intake.services import settling
from leeward.intake.views import desk_kept_back
from leeward.jobs.models import Job
from leeward.jobs.worker import run_job
from leeward.spool import where
from leeward.spool.models import Arrival
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_hostile import fields, written
from tests.spool.test_kept_back import LIST, acts, failed, signed_in
from tests.spool.test_reports import WORDS, arrivals, opened, pull

pytestmark = pytest.mark.django_db


def many(cast: Cast, count: int, problem: str = "unopened") -> list[int]:
    """Write so many arrivals of one cause."""
    rows = Arrival.objects.using(where.alias())
    start = rows.count()
    rows.bulk_create(
        Arrival(
            name=f"{number:032x}", digest=f"{number:064x}", kind="report", hotline_number=cast.hotline_id, sealed="x",
            portal_number=cast.portal_id, language="en", received_at=datetime.now(UTC), problem=problem, receipt=f"{number:064x}",
        )
        for number in range(start, start + count)
    )  # fmt: skip
    return list(rows.filter(problem=problem).order_by("id").values_list("pk", flat=True))


def offered(client: Client, problem: str) -> dict[str, str]:
    """What the form of the list of one cause sends."""
    page = client.get(f"{LIST}?problem={problem}").content.decode()
    (shown,) = set(re.findall('name="seen" value="([^"]+)"', page))
    return {"problem": problem, "seen": shown, "once": new_form_key()}


@pytest.mark.usefixtures("apart")
def test_many_of_one_cause_are_given_up_at_once_and_each_has_its_row(cast: Cast) -> None:
    others = many(cast, 3, "failed")
    these = many(cast, 250)
    carl = signed_in(cast, "carl")
    assert "1–50 of 253" in carl.get(LIST).content.decode()
    page = carl.get(f"{LIST}?problem=unopened&page=2").content.decode()
    assert "51–100 of 250" in page
    assert "Give up (250)" in " ".join(page.split())
    form = offered(carl, "unopened") | {"act": "drop", "reason": "no_key"}
    assert carl.post(LIST, form | {"reason": ""}).status_code == 400
    assert len(arrivals()) == 253
    assert carl.post(LIST, form).status_code == 302
    assert [row.pk for row in arrivals()] == others
    rows = AuditRow.objects.filter(event="arrival.dropped")
    assert sorted(int(row.subject.removeprefix("arrival:")) for row in rows) == these
    assert acts("arrival.dropped") == [{"count": 1, "kind": "report", "problem": "unopened", "reason": "no_key"}] * 250
    assert not Job.objects.filter(kind=settling.DROP).exists()
    assert carl.post(LIST, form).status_code == 409, "the same form once more finds nothing to do"
    assert AuditRow.objects.filter(event="arrival.dropped").count() == 250


def test_many_are_tried_again_at_once(cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (failed(face, monkeypatch, added=text) for text in ("One thing more.", ""))
    carl = signed_in(cast, "carl")
    assert carl.post(LIST, offered(carl, "failed") | {"act": "retry"}).status_code == 302
    assert [row.problem for row in arrivals()] == ["", "waits", ""]
    assert carl.post(LIST, offered(carl, "waits") | {"act": "retry"}).status_code == 302
    pull()
    assert arrivals() == []
    assert [row["problem"] for row in acts("arrival.retried")] == ["failed", "failed", "waits"]
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 2
    with face():
        assert all("Where it stands" in opened(receipt).text for receipt in (first, second))


@pytest.mark.usefixtures("apart")
def test_only_what_was_shown_is_settled(cast: Cast) -> None:
    """What came in since has greater numbers and stays; where something else has changed, nothing is done and all is shown anew."""
    these = many(cast, 4)
    carl = signed_in(cast, "carl")
    form = offered(carl, "unopened") | {"act": "drop", "reason": "no_key"}
    later = written(cast, sealed="rubbish", problem="unopened")
    Arrival.objects.using(where.alias()).filter(pk=these[0]).update(problem="failed")
    refused = carl.post(LIST, form)
    assert refused.status_code == 409
    assert "What is offered has changed since it was shown." in refused.content.decode()
    assert (len(arrivals()), acts("arrival.dropped")) == (5, [])
    Arrival.objects.using(where.alias()).filter(pk=these[0]).update(problem="unopened")
    assert carl.post(LIST, form).status_code == 302
    assert [row.pk for row in arrivals()] == [later.pk]
    for wrong in ("", "x", "-1-a", "9" * 30 + "-a"):
        assert carl.post(LIST, form | {"seen": wrong}).status_code == 400
    for wrong in ("", "made-up"):
        assert carl.post(LIST, form | {"problem": wrong}).status_code == 400


def test_of_two_who_settle_the_same_the_log_keeps_what_was_done(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has read the list before the other acted."""
    carl = {"hotline_id": cast.hotline_id, "actor": cast["carl"].actor}
    failed(face, monkeypatch)
    (number,) = (row.pk for row in arrivals())
    chosen = settling.chosen([number], cast.hotline_id)
    settling.try_again(number, **carl)
    pull()
    assert settling.begin_giving_up(chosen, reason="known", **carl) == [number]
    with pytest.raises(NotFound):
        settling.begin_trying_again(chosen, **carl)
    assert (len(acts("arrival.retried")), acts("arrival.dropped")) == (1, [])

    failed(face, monkeypatch)
    (number,) = (row.pk for row in arrivals())
    chosen = settling.chosen([number], cast.hotline_id)
    settling.give_up(number, reason="known", **carl)
    settling.finish_giving_up(settling.begin_giving_up(chosen, reason="other", **carl))
    assert [row["reason"] for row in acts("arrival.dropped")] == ["known"]


@pytest.mark.usefixtures("apart")
def test_nobody_settles_many_of_another_hotline(cast: Cast) -> None:
    many(cast, 3)
    form = offered(signed_in(cast, "carl"), "unopened") | {"act": "drop", "reason": "other"}
    assert signed_in(cast, "dora").post(LIST, form).status_code == 409
    assert signed_in(cast, "ana").post(LIST, form).status_code == 403
    assert len(arrivals()) == 3


@pytest.mark.usefixtures("apart")
def test_killed_in_the_middle_what_is_left_is_still_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    many(cast, 5)
    monkeypatch.setattr(desk_kept_back, "PIECE", 2)
    begin, pieces = settling.begin_giving_up, []

    def killed(*found: object, **more: object) -> list[int]:
        pieces.append(found)
        if len(pieces) == 3:
            raise KeyboardInterrupt
        return begin(*found, **more)  # type: ignore[arg-type]

    carl = signed_in(cast, "carl")
    with monkeypatch.context() as patch:
        patch.setattr(settling, "begin_giving_up", killed)
        with pytest.raises(KeyboardInterrupt):
            carl.post(LIST, offered(carl, "unopened") | {"act": "drop", "reason": "no_key"})
    assert (len(arrivals()), len(acts("arrival.dropped"))) == (1, 4)
    carl.post(LIST, offered(carl, "unopened") | {"act": "drop", "reason": "no_key"})
    assert (len(arrivals()), len(acts("arrival.dropped"))) == (0, 5)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("act", ["retry", "drop"])
def test_who_keeps_the_file_locked_holds_up_no_writer_of_the_desk(cast: Cast, act: str) -> None:
    """The act is written down at once, and a job does it once the file can be written."""
    if connection.vendor == "postgresql":
        pytest.skip("there it is one database")
    row = written(cast, {"fields": fields()}, problem="failed")
    public = connections[where.ALIAS]
    waits: list[bool] = []
    execute = public.execute_wrapper

    def watch(ask: object, sql: str, params: object, many: bool, context: object) -> object:
        waits.append(len(connection.savepoint_ids) > len(before))
        return ask(sql, params, many, context)  # type: ignore[operator]

    carl = signed_in(cast, "carl")
    seen = seen_on(carl.get(f"{LIST}/{row.pk}").content.decode())
    before = list(connection.savepoint_ids)
    with public.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 300")
    with closing(sqlite3.connect(public.settings_dict["NAME"], isolation_level=None)) as theirs, execute(watch):
        theirs.execute("BEGIN IMMEDIATE")
        form = {"act": act, "reason": "known", "once": new_form_key(), "seen": seen}
        assert carl.post(f"{LIST}/{row.pk}", form).status_code == 302
        theirs.execute("ROLLBACK")
    assert waits
    assert not any(waits), "in no transaction of the desk"
    assert [one.problem for one in arrivals()] == ["failed"]
    assert len(acts("arrival.retried")) + len(acts("arrival.dropped")) == 1
    (job,) = Job.objects.filter(kind__in=(settling.RETRY, settling.DROP))
    for _twice in range(2):
        run_job(job, datetime.now(UTC))
    pull()
    assert arrivals() == []
    with scope(hotline=cast.hotline_id):
        assert [one.text for one in Report.objects.all()] == ([WORDS] if act == "retry" else [])
