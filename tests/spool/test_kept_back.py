"""What could not be taken in: seen by the supervisors of its hotline, tried again or given up, and never lost by either."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.cli import spool as cli_spool
from leeward.foundation.errors import BadInput, LeewardError, NotFound
from leeward.intake.desk_labels import ARRIVALS, KEPT_BACK
from leeward.intake.models import Report
from leeward.intake.services import settling, withdraw_report
from leeward.jobs.models import Job
from leeward.jobs.registry import load
from leeward.jobs.worker import run_job, run_until_idle
from leeward.people.models import User
from leeward.site import health
from leeward.site.alarms import EVERYWHERE
from leeward.spool import errors, where
from leeward.spool.models import Arrival
from leeward.spool.queries.kept import all_kept_back, kept_back_page
from leeward.spool.registry import TAKERS
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.having_read import seen_on
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_hostile import written
from tests.spool.test_reports import MAIL, PLACE, WORDS, arrivals, opened, pull, sent, the_report

pytestmark = pytest.mark.django_db
LIST = "/desk/reports/kept-back"


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast[name].account_id))
    return client


def failed(face: Face, monkeypatch: pytest.MonkeyPatch, added: str = "") -> str:
    """A report that fails here, and what was added to it."""
    receipt = sent(face)
    if added:
        with face():
            opened(receipt).send(act="add", text=added)
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        pull()
    return receipt


def acts(event: str) -> list[dict[str, object]]:
    return [json.loads(row.facts) for row in AuditRow.objects.filter(event=event).order_by("pk")]


def test_every_kind_and_every_problem_has_words() -> None:
    load()
    codes = {value for name, value in vars(errors).items() if name.isupper()}
    assert (set(ARRIVALS), set(KEPT_BACK)) == (set(TAKERS), codes)


def test_only_the_supervisors_of_its_hotline_see_it(cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    failed(face, monkeypatch, added="One thing more.")
    number = arrivals()[0].pk
    for name in ("ana", "adam", "pia", "otto"):
        client = signed_in(cast, name)
        assert {client.get(LIST).status_code, client.get(f"{LIST}/{number}").status_code} == {403}
        assert client.post(f"{LIST}/{number}", {"act": "retry", "once": new_form_key()}).status_code == 403
    dora = signed_in(cast, "dora")
    assert "Nothing here" in dora.get(LIST).content.decode()
    assert dora.get(f"{LIST}/{number}").status_code == 404
    for act in ("retry", "drop"):
        sent_by = {"act": act, "reason": "other", "once": new_form_key()}
        assert dora.post(f"{LIST}/{number}", sent_by).status_code == 409, "as where it never was"
    carl = signed_in(cast, "carl")
    shown = carl.get(LIST).content.decode()
    assert str(KEPT_BACK["failed"]) in shown
    assert str(KEPT_BACK["waits"]) in shown
    assert WORDS not in shown
    page = carl.get(f"{LIST}/{number}").content.decode()
    for words in (WORDS, MAIL, PLACE, "One thing more."):
        assert words in page
    assert [row.problem for row in arrivals()] == ["failed", "waits"], "reading changes nothing"


def test_tried_again_it_is_taken_in_and_the_log_says_who_asked(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(face, monkeypatch)
    (row,) = arrivals()
    carl = signed_in(cast, "carl")
    form = {"act": "retry", "once": new_form_key(), "seen": seen_on(carl.get(f"{LIST}/{row.pk}").content.decode())}
    assert carl.post(f"{LIST}/{row.pk}", form).status_code == 302
    assert pull() == 1
    assert (the_report(cast).text, arrivals()) == (WORDS, [])
    assert acts("arrival.retried") == [{"kind": "report", "problem": "failed"}]
    assert carl.post(f"{LIST}/{row.pk}", form).status_code == 302, "the same form once more does nothing"
    late = carl.post(f"{LIST}/{row.pk}", form | {"once": new_form_key()})
    assert (late.status_code, "has changed since it was shown" in late.content.decode()) == (409, True)
    assert len(acts("arrival.retried")) == 1


def test_given_up_it_is_gone_with_what_waits_for_it_and_nothing_else(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = failed(face, monkeypatch, added="One thing more.")
    other = written(cast, sealed="rubbish")
    pull()
    number, carl = arrivals()[0].pk, signed_in(cast, "carl")
    seen = {"seen": seen_on(carl.get(f"{LIST}/{number}").content.decode())}
    for reason in ("", "made-up"):
        refused = carl.post(f"{LIST}/{number}", seen | {"act": "drop", "reason": reason, "once": new_form_key()})
        assert (refused.status_code, len(arrivals())) == (400, 3)
    carl.post(f"{LIST}/{number}", seen | {"act": "drop", "reason": "known", "once": new_form_key()})
    assert [row.pk for row in arrivals()] == [other.pk]
    assert acts("arrival.dropped") == [{"count": 2, "kind": "report", "problem": "failed", "reason": "known"}]
    with face():
        assert "Where it stands" not in opened(receipt).text


def test_killed_in_between_the_log_has_it_and_the_worker_finishes_it(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(face, monkeypatch, added="One thing more.")
    number, carl = arrivals()[0].pk, cast["carl"].actor
    values = {"reason": "known", "hotline_id": cast.hotline_id, "actor": carl}
    with monkeypatch.context() as patch:
        patch.setattr(settling, "record", None)
        with pytest.raises(TypeError):
            settling.give_up(number, **values)
    assert (len(arrivals()), acts("arrival.dropped")) == (2, []), "nothing is deleted before the log has it"
    settling.begin_giving_up(settling.chosen([number], cast.hotline_id), **values)  # and then it is killed
    with pytest.raises(NotFound):
        settling.give_up(number, **values)
    assert len(arrivals()) == 2
    jobs = list(Job.objects.filter(kind=settling.DROP))
    for job in jobs * 2:
        run_job(job, datetime.now(UTC))
    assert (arrivals(), [one["count"] for one in acts("arrival.dropped")]) == ([], [2])
    assert not Job.objects.filter(kind=settling.DROP).exists()


@pytest.mark.parametrize("problem", ["", "failed"])
def test_given_up_it_is_never_taken_in_and_another_arrival_of_its_number_stays(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    """The file of the face was replaced before the deletion; or it was let in again at the same moment."""
    failed(face, monkeypatch)
    (row,) = arrivals()
    found, carl = settling.chosen([row.pk], cast.hotline_id), cast["carl"].actor
    numbers = settling.begin_giving_up(found, reason="known", hotline_id=cast.hotline_id, actor=carl)
    new = {"problem": ""} if not problem else {"name": "another"}
    Arrival.objects.using(where.alias()).filter(pk=row.pk).update(**new)
    assert settling.finish_giving_up(numbers) == 0
    assert len(arrivals()) == 1
    if not problem:
        pull()
        with scope(hotline=cast.hotline_id):
            assert (arrivals(), Report.objects.count()) == ([], 0)


def test_giving_up_what_was_forged_leaves_the_words_of_others(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report with the receipt of another one that failed: what was added to that one is not its."""
    failed(face, monkeypatch, added="One thing more.")
    forged = written(cast, receipt=arrivals()[0].receipt, sealed="rubbish")
    pull()
    settling.give_up(forged.pk, reason="no_form", hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    assert [row.problem for row in arrivals()] == ["failed", "waits"]


def test_what_was_sealed_for_another_hotline_is_shown_to_nobody(cast: Cast, face: Face) -> None:
    sent(face)
    rows = Arrival.objects.using(where.alias())
    rows.update(hotline_number=cast.other_hotline_id, portal_number=cast.other_portal_id)
    pull()
    (row,) = arrivals()
    page = signed_in(cast, "dora").get(f"{LIST}/{row.pk}").content.decode()
    assert "can’t be opened here" in page
    assert WORDS not in page


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL’s columns have types")
def test_columns_that_hold_anything_are_listed_all_the_same(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = ("X'00FF'", "CAST(X'FF' AS text)", "CAST(zeroblob(2100000) AS text)", "'0001-01-01 00:00:00+14:00'", "'<b>'")
    columns = ("received_at", "portal_number", "is_urgent", "kind", "receipt", "problem", "sealed", "name")
    for column in columns:
        for harm in raw:
            row = written(cast, problem="failed")
            with connections[where.alias()].cursor() as cursor:
                name = f"substr({harm}, 1, 40) || hex(randomblob(4))" if column == "name" else harm
                cursor.execute(f"UPDATE spool_arrival SET {column} = {name} WHERE id = %s", [row.pk])
    carl = signed_in(cast, "carl")
    assert f"{len(columns) * len(raw)}" in carl.get(LIST).content.decode()
    for row in all_kept_back():
        assert carl.get(f"{LIST}/{row.number}").status_code == 200
    monkeypatch.setattr(cli_spool, "_begin", lambda: None)
    assert cli_spool.list_kept_back(as_json=True) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(columns) * len(raw)
    assert {line["problem"] for line in lines} <= set(KEPT_BACK) | {""}


@pytest.mark.usefixtures("apart")
def test_the_list_pages_by_the_index_in_few_queries_and_refuses_hostile_pages(cast: Cast) -> None:
    carl = signed_in(cast, "carl")
    assert "Nothing here" in carl.get(LIST).content.decode()
    Arrival.objects.using(where.alias()).bulk_create(
        Arrival(
            name=f"{number:032x}", digest=f"{number:064x}", kind="report", hotline_number=cast.hotline_id, sealed="x",
            portal_number=cast.portal_id, language="en", received_at=datetime.now(UTC), problem="failed",
        )
        for number in range(120)
    )  # fmt: skip
    public = connections[where.alias()]
    with CaptureQueriesContext(connection) as asked, CaptureQueriesContext(public) as asked_there:
        assert "1–50 of 120" in carl.get(LIST).content.decode()
    assert len({query["sql"] for query in (*asked, *asked_there)}) <= 14
    assert "101–120 of 120" in carl.get(f"{LIST}?page=3").content.decode()
    for page in ("-1", "9" * 40, "x", "2.5", "%00"):
        assert carl.get(f"{LIST}?page={page}").status_code == 200
    assert len(list(all_kept_back())) == 120
    rows = Arrival.objects.using(where.alias()).filter(hotline_number=cast.hotline_id).exclude(problem="")
    plan = rows.order_by("-id").only("pk")[:50].explain()
    assert connection.vendor == "postgresql" or "arrival_kept_back" in plan, plan
    assert kept_back_page(cast.other_hotline_id, 1).total == 0


@pytest.mark.usefixtures("apart")
def test_the_alarm_leads_there_whoever_may_go(cast: Cast) -> None:
    written(cast, sealed="rubbish")
    written(cast, hotline_number=10**9)
    pull()
    health.refresh_alarms()
    try:
        shown = signed_in(cast, "carl").get("/desk/").content.decode()
        assert f'<a href="{LIST}">What came in on the public pages and could not be taken in: 1.' in shown
        assert LIST not in signed_in(cast, "ana").get("/desk/").content.decode()
        found = [alarm for alarm in health.current_alarms(datetime.now(UTC)) if alarm.code == "spool_kept_back"]
        assert [(alarm.hotline_id, alarm.values) for alarm in found] == [
            (cast.hotline_id, (("count", 1),)),
            (EVERYWHERE, (("count", 1),)),
        ]
    finally:
        health.forget()


@pytest.mark.usefixtures("apart")
def test_the_command_lists_tries_again_and_drops(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_spool, "_begin", lambda: None)
    assert cli_spool.list_kept_back(as_json=True) == 0
    kept, of_nobody = written(cast, sealed="rubbish"), written(cast, hotline_number=10**9)
    pull()
    assert cli_spool.list_kept_back(as_json=True) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["number"], line["hotline"], line["problem"]) for line in lines] == [
        (of_nobody.pk, "", "elsewhere"),
        (kept.pk, "jm", "unopened"),
    ]
    with pytest.raises(BadInput):
        cli_spool.drop(kept.pk, because="made-up")
    assert cli_spool.retry(kept.pk) == 0
    with pytest.raises(NotFound):
        cli_spool.drop(kept.pk, because="other")
    pull()
    assert (cli_spool.drop(kept.pk, because="no_form"), cli_spool.drop(of_nobody.pk, because="other")) == (0, 0)
    assert arrivals() == []
    rows = AuditRow.objects.filter(event="arrival.dropped").order_by("pk")
    assert [row.chain for row in rows] == [cast.hotline_id, 0]
    with pytest.raises(LeewardError):
        cli_spool.retry(kept.pk)


def test_two_additions_of_which_only_one_has_room_leave_a_sentence(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(face)
    pull()
    monkeypatch.setattr("leeward.intake.services.following.MOST_MESSAGES", 1)
    with face():
        for text in ("One thing more.", "And another."):
            opened(receipt).send(act="add", text=text)
    pull()
    assert [row.problem for row in arrivals()] == [errors.TOO_MUCH]
    page = signed_in(cast, "carl").get(f"{LIST}/{arrivals()[0].pk}").content.decode()
    assert str(KEPT_BACK["too_much"]) in page
    assert "And another." in page


def test_what_was_kept_back_goes_with_the_report_that_the_hotline_takes_back(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has their data erased, or asks the hotline to take the report back, leaves no word there either."""
    receipt, other = sent(face), sent(face, where="http://b.example/y")
    pull()
    monkeypatch.setattr("leeward.intake.services.following.MOST_MESSAGES", 1)
    with face():
        for one in (receipt, other):
            for text in ("One thing more.", "And another."):
                opened(one).send(act="add", text=text)
    pull()
    assert [row.problem for row in arrivals()] == 2 * [errors.TOO_MUCH]
    theirs = arrivals()[0]
    with scope(hotline=cast.hotline_id):
        withdraw_report(Report.objects.get(receipt_hash=theirs.receipt).pk, actor=cast["carl"].actor)
    run_until_idle(datetime.now(UTC) + timedelta(minutes=1))
    assert [row.receipt == theirs.receipt for row in arrivals()] == [False]


@pytest.mark.browser
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the pages are the same")
@pytest.mark.django_db(transaction=True)
def test_its_pages_bar_nobody(cast: Cast, visitor: Visit) -> None:
    said = {"fields": {"text": WORDS, "where": PLACE, "mail": MAIL}}
    kept = written(cast, said, problem="failed", is_urgent=True)
    written(cast, {"text": "One thing more."}, kind="added", receipt=kept.receipt, problem="waits")
    written(cast, sealed="rubbish", kind="unheard", problem="unopened")
    guest, client = visitor(), signed_in(cast, "carl")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk"}
    guest.context.add_cookies([cookie | {"sameSite": "Strict"}])  # type: ignore[list-item]
    for name, place in (
        ("kept-back-list", LIST),
        ("kept-back", f"{LIST}/{kept.pk}"),
        ("kept-back-together", f"{LIST}?problem=failed"),
    ):
        guest.go(place)
        guest.look(name)


def test_by_a_page_from_before_nobody_gives_up_what_came_since(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = failed(face, monkeypatch)
    number, carl = arrivals()[0].pk, signed_in(cast, "carl")
    older = seen_on(carl.get(f"{LIST}/{number}").content.decode())
    with face():
        opened(receipt).send(act="add", text="One thing more.")
    pull()
    assert [row.problem for row in arrivals()] == ["failed", "waits"]
    for seen in ("", older):
        form = {"act": "drop", "reason": "known", "once": new_form_key(), "seen": seen}
        answer = carl.post(f"{LIST}/{number}", form)
        shown = answer.content.decode()
        assert (answer.status_code, "has changed since it was shown" in shown, "One thing more." in shown) == (
            409, True, True,
        )  # fmt: skip
        assert '<option value="known" selected>' in shown
        assert (len(arrivals()), acts("arrival.dropped")) == (2, [])
    carl.post(f"{LIST}/{number}", form | {"seen": seen_on(shown), "once": new_form_key()})
    assert arrivals() == []
