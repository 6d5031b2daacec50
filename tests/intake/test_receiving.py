"""A report comes in once, whole or not at all."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.intake import queries
from leeward.intake.errors import AlreadyWithdrawn, FormKeyMissing
from leeward.intake.models import Item, Report
from leeward.intake.receipts import find_receipt, make_receipt
from leeward.intake.services import enter_report, receive_report, withdraw_report
from leeward.jobs.models import Job
from leeward.jobs.registry import HANDLERS, SUBSCRIBERS, load, subscribe
from leeward.people.models import Hotline, Portal
from leeward.sealing import store
from leeward.tables import insert, insert_all
from leeward.web_security.keys import new_form_key
from tests.intake.conftest import told_of

heard: list[int] = []


@pytest.fixture(autouse=True)
def _listener():
    """Somebody who wants to hear of reports, as the desk does."""

    def listen(subject_id: int) -> None:
        heard.append(subject_id)

    load()
    listen.__module__ = "leeward.tests.tasks"
    before = list(SUBSCRIBERS.get("report.received", []))
    subscribe("report.received")(listen)
    yield
    SUBSCRIBERS["report.received"] = before
    HANDLERS.pop("tests.listen", None)
    heard.clear()


def _duties(report_id: int) -> int:
    return Job.objects.filter(kind="tests.listen", subject_id=report_id).count()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere keys are a table, stored with their texts")
def test_words_have_their_keys_on_the_disk_before_others_have_to_wait(receive) -> None:
    keys, asked = store.count(), []

    def look(execute, statement, *more):
        asked.append((statement.split()[0], store.count() - keys))
        return execute(statement, *more)

    with connection.execute_wrapper(look):
        received = receive(contact="someone@mail.example", password="open")
    assert next(count for word, count in asked if word in ("BEGIN", "SAVEPOINT")) == 3
    assert store.count() - keys == 3, "and no others afterwards"
    row = Report.objects.get(pk=received.report_id)
    assert (row.text, row.contact, row.password, row.referrer) == (
        "I found a bad page.",
        "someone@mail.example",
        "open",
        "",
    )
    assert row.text != Report.objects.filter(pk=row.pk).values_list("text", flat=True)[0].raw, "sealed"


def test_a_report_leaves_its_rows_one_act_and_one_duty_a_listener(receive) -> None:
    received = receive("http://a.example/x\nhttp://b.example/y", contact="someone@mail.example")
    row = queries.report(received.report_id)
    assert (row.kind, row.text, row.contact, row.source) == (
        "page",
        "I found a bad page.",
        "someone@mail.example",
        "form",
    )
    assert [item.display for item in queries.items_of(row.id)] == ["http://a.example/x", "http://b.example/y"]
    assert {item.state for item in queries.items_of(row.id)} == {"received"}
    (act,) = AuditRow.objects.filter(event="report.received")
    assert (act.subject, act.actor) == (f"report:{row.id}", "reporter")
    assert _duties(row.id) == 1
    jobs = set(Job.objects.filter(subject_id=row.id).values_list("kind", flat=True))
    assert "casework.keep_fingerprints" not in jobs, "it brought none"


def test_the_log_has_nothing_that_was_typed_and_the_receipt_stands_nowhere(receive) -> None:
    received = receive("http://a.example/secret-path", text="Neutral words here.", contact="someone@mail.example")
    (act,) = AuditRow.objects.filter(event="report.received")
    logged = f"{act.facts} {act.subject} {act.actor}"
    assert not any(piece in logged for piece in ("example", "Neutral", "someone", received.receipt))
    row = Report.objects.get(pk=received.report_id)
    assert received.receipt not in " ".join(str(value) for value in vars(row).values())


def test_the_same_form_twice_is_one_report_with_the_same_receipt(receive) -> None:
    key = new_form_key()
    first, second = receive(key=key), receive(key=key)
    assert (first.report_id, first.receipt) == (second.report_id, second.receipt)
    assert (first.is_new, second.is_new) == (True, False)
    assert Report.objects.count() == 1
    assert AuditRow.objects.filter(event__startswith="report.").count() == 1
    assert _duties(first.report_id) == 1


def test_what_the_same_form_says_more_is_added(receive) -> None:
    key = new_form_key()
    first = receive(key=key)
    for _ in range(2):
        again = receive("http://a.example/x\nhttp://b.example/y", key=key, text="One more thing.", kind="danger")
        assert again.receipt == first.receipt
    assert len(queries.items_of(first.report_id)) == 2
    assert [row.text for row in queries.messages_of(first.report_id)] == ["One more thing."]
    assert (queries.report(first.report_id).kind, queries.report(first.report_id).urgency) == ("danger", "danger")
    assert Job.objects.filter(kind="casework.raise_urgency", subject_id=first.report_id).count() == 1
    assert AuditRow.objects.filter(event="report.added").count() == 1


def test_what_a_child_ticks_after_going_back_is_kept(receive) -> None:
    key = new_form_key()
    number = receive(key=key).report_id
    receive(key=key, under_18=True, when_seen="today")
    receive(key=key)
    assert (queries.report(number).under_18, queries.report(number).when_seen) == (True, "today")


def test_a_form_whose_report_was_taken_back_brings_nothing_back(receive) -> None:
    key = new_form_key()
    withdraw_report(receive(key=key).report_id)
    with pytest.raises(AlreadyWithdrawn):
        receive(key=key)
    assert Report.objects.get().text == ""


def test_a_crash_before_the_end_leaves_nothing_and_the_same_form_works_afterwards(receive) -> None:
    key = new_form_key()
    made = []

    def die_at_the_end() -> None:
        with transaction.atomic():
            made.append(receive(key=key))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die_at_the_end()
    (before,) = made
    assert not Report.objects.exists()
    assert not Item.objects.exists()
    assert not AuditRow.objects.filter(event="report.received").exists()
    assert not _duties(before.report_id)
    after = receive(key=key)
    assert after.is_new
    assert after.receipt == before.receipt


def test_a_number_that_is_taken_is_passed_over(receive) -> None:
    key = new_form_key()
    other = receive()
    taken = make_receipt(key, kind="report")
    from leeward.intake.receipts import kept_of

    Report.objects.filter(pk=other.report_id).update(receipt_hash=kept_of(taken))
    first, again = receive(key=key), receive(key=key)
    assert first.receipt != taken
    assert first.receipt == again.receipt
    assert find_receipt(first.receipt).pk == first.report_id
    assert find_receipt(taken).pk == other.report_id


@pytest.mark.parametrize("key", ["", "short", "k" * 31, "k" * 33, "é" * 32])
def test_a_form_without_its_key_is_refused(receive, within, key) -> None:
    with pytest.raises(FormKeyMissing):
        receive_report(told_of(), hotline_id=within.hotline_id, portal_id=within.portal_id, language="en", form_key=key)


def test_taking_in_a_report_of_many_addresses_costs_few_queries(receive) -> None:
    receive()  # the log's first row costs one more
    with CaptureQueriesContext(connection) as asked:
        receive("\n".join(f"http://a.example/{number}" for number in range(200)))
    ours = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"] and "jobs_job" not in query["sql"]]
    assert len(ours) <= 6, [statement[:80] for statement in ours]


def test_staff_enter_what_came_by_telephone(within) -> None:
    key = new_form_key()
    again = [
        enter_report(
            told_of(), hotline_id=within.hotline_id, portal_id=within.portal_id, source="telephone", language="fr",
            actor=within["ana"].actor, form_key=key,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert again[0].receipt == again[1].receipt
    row = queries.report(again[0].report_id)
    assert (row.source, row.language, row.entered_by) == ("telephone", "fr", within["ana"].account_id)
    assert find_receipt(again[0].receipt).pk == row.id


@pytest.mark.parametrize("name", ["adam", "pia", "otto", "dora"])
def test_who_may_not_enter_reports_enters_none(within, name) -> None:
    with pytest.raises(NotAllowed):
        enter_report(
            told_of(), hotline_id=within.hotline_id, portal_id=within.portal_id, source="letter", language="en",
            actor=within[name].actor, form_key=new_form_key(),
        )  # fmt: skip
    assert not Report.objects.exists()


def test_staff_cannot_enter_a_report_as_if_it_came_by_the_form(within) -> None:
    with pytest.raises(BadInput):
        enter_report(
            told_of(), hotline_id=within.hotline_id, portal_id=within.portal_id, source="form", language="en",
            actor=within["ana"].actor, form_key=new_form_key(),
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_send_at_once_and_some_press_twice() -> None:
    hotline = Hotline.objects.create(slug="jm", name="Hotline of Jamaica", country="JM")
    portal = Portal.objects.create(hotline=hotline, slug="jm", name="Jamaica", country="JM", languages=["en"])
    keys = [new_form_key() for _ in range(12)]
    results: list[tuple[str, str]] = []

    def send(mine: list[str]) -> None:
        with scope(hotline=hotline.pk):
            for key in mine:
                received = receive_report(
                    told_of(), hotline_id=hotline.pk, portal_id=portal.pk, language="en", form_key=key
                )
                results.append((key, received.receipt))
        connection.close()

    threads = [threading.Thread(target=send, args=(keys if number % 2 else keys[::-1],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 48
    assert len(set(results)) == 12
    with scope(hotline=hotline.pk):
        assert Report.objects.count() == 12
        assert all(find_receipt(receipt) for _, receipt in results[:12])
    assert AuditRow.objects.filter(event="report.received").count() == 12


def test_a_row_written_in_short_is_the_row_that_django_writes(receive) -> None:
    """With words that are sealed, a moment, a truth and nothing in it; and what must be there once is refused as before."""
    received = receive(contact="someone@mail.example", password="open")
    with scope(hotline=1):
        Item.objects.filter(report_id=received.report_id).delete()
        report = Report.objects.get(pk=received.report_id)
        differ = {"id", "once_digest", "receipt_hash"}
        in_short, by_django = (
            Report(
                **{
                    field.attname: getattr(report, field.attname)
                    for field in report._meta.concrete_fields
                    if field.attname not in differ
                },
                once_digest=digest * 64,
                receipt_hash=digest * 64,
            )
            for digest in "ab"
        )
        in_short.contact, by_django.contact = "words", "words"
        insert(in_short)
        by_django.save(force_insert=True)
        assert (in_short._state.adding, in_short._state.db) == (False, by_django._state.db)
        rows = {row.pk: row for row in Report.objects.filter(pk__in=(in_short.pk, by_django.pk))}
        for field in report._meta.concrete_fields:
            if field.attname not in differ:
                kept = [getattr(rows[one.pk], field.attname) for one in (in_short, by_django)]
                assert str(kept[0]) == str(kept[1]), field.attname
        insert_all(
            Item(hotline_id=1, report_id=row, kind="page", typed="x", display="x", state_changed_at=report.received_at)
            for row in rows
        )
        insert_all([])
        assert Item.objects.filter(report_id__in=rows).count() == 2
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(Report(**{name: value for name, value in vars(in_short).items() if name not in {"_state", "id"}}))
