"""However many lines of providers wait, a child in danger is paged at once, and whoever wants to write waits for no batch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leeward.demo.world.smtp import MailServer
from leeward.intake.services import receive_report
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.oncall.models import PagedReport, PageMessage
from leeward.providers import services
from leeward.providers.models import ProviderBatch, ProviderLine
from leeward.providers.services import taking_in
from leeward.tips.rules import pace
from leeward.web_security.keys import new_form_key
from tests.intake.conftest import told_of
from tests.providers.conftest import Program, as_lines, line, make_key, make_provider

pytestmark = pytest.mark.django_db
WAITING = 100_000
MOST_JOBS = 40
"""What may be run before somebody is paged: the jobs of the urgent reports and of nothing else."""


def fill(lines: int) -> None:
    """More lines like the only one, waiting as it does."""
    own = {"number": "n.i", "digest": "'many-' || n.i", "fold": "'many-' || n.i"}
    names = [one.column for one in ProviderLine._meta.local_concrete_fields if not one.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < {lines + 99}) "
            f"INSERT INTO providers_providerline ({', '.join(names)}) "
            f"SELECT {', '.join(own.get(name, f'line.{name}') for name in names)} FROM n, providers_providerline line"
        )


def test_a_child_in_danger_is_paged_while_a_hundred_thousand_lines_wait(program: Program, settings: Any) -> None:
    program.post(as_lines(line(1)))
    fill(WAITING)
    services.open_some(urgent=False)  # some became reports, whose own work waits too
    assert Job.objects.filter(urgent=False).count() > 10
    with MailServer() as post:
        values = {
            "smtp_host": "127.0.0.1",
            "smtp_port": post.port,
            "smtp_security": "none",
            "mail_from": "d@leeward.example",
        }
        settings.LEEWARD = settings.LEEWARD.model_copy(update=values)
        began = time.monotonic()
        program.post(
            as_lines(line(2, danger=True), *(line(10 + number) for number in range(20))), once="another-key-of-16"
        )
        mine = receive_report(
            told_of("http://public.example/x", kind="danger"),
            hotline_id=program.cast.hotline_id, portal_id=program.cast.portal_id, language="en", form_key=new_form_key(),
        ).report_id  # fmt: skip
        ran = 0
        while not _paged() >= {mine, _report_of("R-2")} and ran < MOST_JOBS:
            ran += run_until_idle(most=1)
        assert _paged() >= {mine, _report_of("R-2")}, "the public's and the provider's"
        assert time.monotonic() - began < 60
        assert any("URGENT" in mail.message["Subject"] for mail in post.messages())
    assert ProviderLine.objects.filter(state="waiting").count() >= WAITING, "nothing else went before"


def _paged() -> set[int]:
    pages = PageMessage.objects.filter(sent_at__isnull=False).values_list("page_id", flat=True)
    return set(PagedReport.objects.filter(page__in=list(pages)).values_list("report_id", flat=True))


def _report_of(reference: str) -> int:
    return ProviderLine.objects.get(reference=reference).report_id or 0


def test_nobody_waits_while_a_batch_is_made_ready(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[bool] = []
    done: list[str] = []
    real = taking_in.hotline_transaction

    @contextmanager
    def noted() -> Iterator[None]:
        with real():
            locked.append(True)
            try:
                yield
            finally:
                locked.pop()

    def outside(name: str) -> None:
        before = getattr(taking_in, name)

        def asked(*args: Any, **more: Any) -> Any:
            assert not locked, f"{name} while others wait"
            done.append(name)
            return before(*args, **more)

        monkeypatch.setattr(taking_in, name, asked)

    monkeypatch.setattr(taking_in, "hotline_transaction", noted)
    for name in ("_sorted_out", "_rows", "_values_of"):
        outside(name)
    assert program.post(as_lines(line(1), line(2))).status_code == 201
    assert set(done) == {"_sorted_out", "_rows", "_values_of"}


def test_what_came_while_a_batch_was_made_ready_is_not_taken_twice(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = taking_in._ready

    def meanwhile(*args: Any) -> Any:
        ready = real(*args)
        monkeypatch.setattr(taking_in, "_ready", real)
        program.post(as_lines(line(1), line(9)), once="another-key-of-16")
        return ready

    monkeypatch.setattr(taking_in, "_ready", meanwhile)
    got = program.post(as_lines(line(1), line(2))).data["lines"]
    assert [one["state"] for one in got] == ["same", "accepted"]
    monkeypatch.setattr(taking_in, "_TRIES", 0)
    got = program.post(as_lines(line(9), line(3)), once="another-key-of-17").data["lines"]
    assert [one["state"] for one in got] == ["same", "accepted"], "where others come each time, they wait in the end"
    assert ProviderLine.objects.count() == 4


@pytest.mark.once
def test_what_is_due_and_whose_turn_it_is_is_found_by_an_index(program: Program) -> None:
    program.post(as_lines(line(1)))
    ProviderLine.objects.update(remind_at=datetime.now(UTC))
    with CaptureQueriesContext(connection) as asked:
        services.remind(datetime.now(UTC))
        services.open_some(urgent=False)
    for word, index in (('remind_at" <=', "provider_line_remind"), ('MIN("providers', "provider_line_turn")):
        found = [one["sql"] for one in asked if word in one["sql"] and one["sql"].startswith("SELECT")]
        assert found
        for sql in found:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                assert index in str(cursor.fetchall()), sql


def test_a_flood_of_one_provider_keeps_no_other_waiting(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_AT_ONCE", 4)
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 3)
    other = make_key(make_provider(program.cast, legal_name="Other"))
    program.post(
        as_lines(*(line(number) for number in range(9)), *(line(20 + number, danger=True) for number in range(5)))
    )
    program.post(as_lines(line(90), line(91), line(92, danger=True)), key=other)
    services.open_some(urgent=False)
    services.open_some(urgent=True)
    opened = ProviderLine.objects.filter(state="opened").order_by("id").values_list("reference", flat=True)
    assert list(opened) == ["R-0", "R-1", "R-20", "R-21", "R-90", "R-91", "R-92"]


def test_lines_opened_while_the_clock_was_ahead_keep_no_child_waiting(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 1)
    program.post(as_lines(line(1, danger=True), line(2, danger=True)))
    services.open_some(urgent=True)
    ProviderLine.objects.filter(state="opened").update(opened_at=datetime.now(UTC) + timedelta(days=30))
    assert services.open_some(urgent=True) is None
    assert ProviderLine.objects.filter(state="opened").count() == 2


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_nothing_and_the_same_key_goes_on_later(program: Program) -> None:
    """`page_count` of SQLite is the disk: a few pages more than now and no further."""
    body = as_lines(*(line(number) for number in range(300)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no pages may be free within, whatever a test before this one left
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0] + 8}")
        try:
            answer = Client(raise_request_exception=False).post(
                "/api/v1/provider/reports", body, content_type="application/x-ndjson",
                headers={"Authorization": f"Bearer {program.key}", "Idempotency-Key": "a-key-of-sixteen-1"},
            )  # fmt: skip
        finally:
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert (answer.status_code, "Nothing that was sent before is lost" in answer.content.decode()) == (500, True)
    assert (ProviderLine.objects.count(), ProviderBatch.objects.count()) == (0, 0)
    assert program.post(body).data["accepted"] == 300
