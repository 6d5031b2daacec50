"""Reports in bulk: each line answered, all stored at once, one row of the log, a receipt that anybody can check."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from leeward.audit.models import AuditRow
from leeward.casework.models import Case
from leeward.cli.provider import app
from leeward.foundation.errors import BadInput
from leeward.intake.models import Report, ReporterMessage
from leeward.intake.services import ask_reporter, receive_report, tell_reporter
from leeward.jobs.models import Job
from leeward.jobs.worker import claim, run_until_idle
from leeward.providers import bodies, services
from leeward.providers.models import Provider, ProviderBatch, ProviderKey, ProviderLine
from leeward.providers.rules.line import canonical_of, digest_of
from leeward.providers.services import opening, taking_in
from leeward.tips.rules import pace
from leeward.web_security.keys import new_form_key
from tests.intake.conftest import told_of
from tests.people.signing import events, signed_in
from tests.providers.conftest import Program, as_lines, line, make_key, make_provider
from tests.signers import signing_here

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(ProviderLine.objects.order_by("id").values_list("state", flat=True))


def test_good_lines_are_taken_and_bad_ones_answered_by_number(program: Program) -> None:
    good, other = line(1), line(2)
    answer = program.post(as_lines(good, b"{broken", line(3, image="x"), b"", good, other))
    assert answer.status_code == 201, answer.data
    assert (answer.data["accepted"], answer.data["same"], answer.data["refused"]) == (2, 1, 2)
    got = answer.data["lines"]
    assert [(one["line"], one["state"], one["code"]) for one in got] == [
        (1, "accepted", ""), (2, "refused", "not_json"), (3, "refused", "content"), (4, "same", ""), (5, "accepted", ""),
    ]  # fmt: skip
    assert "never the file" in got[2]["sentence"]
    assert got[0]["digest"] == digest_of(canonical_of(good))
    assert json.loads(ProviderLine.objects.get(number=1).facts) == good, "as it was sent"
    batch = ProviderBatch.objects.get()
    assert got[4]["incident"] == f"P{batch.pk:06}-00005"
    assert got[3]["incident"] == got[0]["incident"], "what came twice has the number of the one that was taken"
    assert program.post(as_lines(good, b"{broken", line(3, image="x"), b"", good, other)).data["lines"] == got
    rows = AuditRow.objects.filter(event="provider_batch.received")
    assert [(row.subject, json.loads(row.facts)["lines"]) for row in rows] == [(f"provider_batch:{batch.pk}", 2)], (
        "one row a batch"
    )
    later = program.post(as_lines(other), once="another-key-of-16")
    assert [(one["state"], one["incident"]) for one in later.data["lines"]] == [("same", got[4]["incident"])]


def test_a_repeated_key_gets_the_same_answer_and_another_body_is_refused(program: Program) -> None:
    body = as_lines(line(1), b"{broken")
    first, again = program.post(body), program.post(body)
    assert (first.status_code, again.status_code, again.data["is_new"]) == (201, 200, False)
    assert again.data["lines"] == first.data["lines"]
    assert again.data["receipt"]["signature"] == first.data["receipt"]["signature"]
    other = program.post(as_lines(line(2)))
    assert (other.status_code, other.data["code"]) == (409, "idempotency_key_used")
    assert program.post(body, key=program.sandbox).status_code == 409, "what was filed is no trial"
    assert ProviderLine.objects.count() == 1
    assert program.post(body, once="short").status_code == 422


def test_who_may_not_report_leaves_nothing(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    body = as_lines(line(1))
    assert program.post(body, key="leeward_" + "a" * 43).status_code == 401
    Provider.objects.update(state="asked")
    assert program.post(body).data["code"] == "provider_not_approved"
    assert program.post(body, key=program.sandbox).status_code == 201, "the sandbox works before the approval"
    Provider.objects.update(state="suspended")
    assert program.post(as_lines(line(9)), key=program.sandbox, once="another-key-of-16").status_code == 403
    Provider.objects.update(state="approved")
    ProviderKey.objects.filter(is_sandbox=False).update(stopped_at=datetime.now(UTC))
    assert program.post(body, once="another-key-of-16").data["code"] == "key_of_no_provider"
    ProviderKey.objects.update(stopped_at=None)
    real = services.read_lines

    def suspended_meanwhile(found: Any, now: datetime) -> Any:
        read = real(found, now)
        Provider.objects.update(state="suspended")
        return read

    monkeypatch.setattr(services, "read_lines", suspended_meanwhile)
    refused = program.post(body, once="another-key-of-16")
    assert (refused.status_code, refused.data["code"]) == (403, "provider_not_approved"), (
        "suspended in the middle of a batch"
    )
    assert ProviderLine.objects.filter(is_sandbox=False).count() == 0


def test_what_is_too_much_or_nothing_at_all(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    none = program.post(as_lines(b"{", line(1, known_at="2026-11-28T09:00:00")))
    assert (none.status_code, none.data["code"]) == (422, "no_line_taken")
    assert "it is not JSON" in none.data["title"]
    assert program.post(b"\n").status_code == 422
    assert program.post(b"x", kind="text/plain").data["code"] == "bad_input"
    long = program.post(as_lines(line(1), b'{"words": "' + b"a " * 40_000 + b'"}', line(2)))
    assert [one["code"] for one in long.data["lines"]] == ["", "too_long", ""], "the rest of a long line is passed over"
    monkeypatch.setattr(taking_in, "MOST_LINES", 2)
    many = program.post(as_lines(line(4), line(5), line(6)), once="another-key-of-16")
    assert (many.status_code, many.data["code"]) == (413, "too_much_at_once")
    monkeypatch.setattr(bodies, "MOST_BYTES", 100)
    assert program.post(as_lines(line(7)), once="another-key-of-17").status_code == 413
    assert ProviderLine.objects.count() == 2
    assert ProviderBatch.objects.count() == 1


def test_a_body_without_its_length_is_refused_and_not_taken_for_an_empty_one(program: Program) -> None:
    answer = Client().post(
        "/api/v1/provider/reports", as_lines(line(1)), content_type="application/x-ndjson", CONTENT_LENGTH="",
        headers={"Authorization": f"Bearer {program.key}", "Idempotency-Key": "a-key-of-sixteen-1"},
    )  # fmt: skip
    assert (answer.status_code, "Content-Length" in answer.content.decode()) == (400, True)


def test_a_body_is_read_in_pieces_and_one_that_was_cut_off_is_not_taken() -> None:
    class Drips:
        """A connection that gives a few bytes at a time."""

        def __init__(self, body: bytes) -> None:
            self.body = body

        def read(self, size: int) -> bytes:
            given, self.body = self.body[: min(size, 7)], self.body[min(size, 7) :]
            return given

    body = as_lines(line(1), b"", line(2), b'{"words": "' + b"a " * 40_000 + b'"}', line(3)).rstrip()
    kind = "application/x-ndjson"
    found = list(bodies.lines_in(Drips(body), kind, len(body)))
    assert [number for number, _one in found] == [1, 2, 3, 4]
    assert [one["reference"] for _number, one in found if isinstance(one, dict)] == ["R-1", "R-2", "R-3"]
    body = as_lines(line(1))
    for media in (kind, "application/json", "text/csv"):
        with pytest.raises(BadInput, match="cut off"):
            list(bodies.lines_in(Drips(body), media, len(body) + 1))


def test_a_gigabyte_is_refused_without_being_read() -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    from leeward.web.middleware import BodyLimit

    class Endless:
        given = 0

        def read(self, size: int) -> bytes:
            self.given += size
            return bytes(size)

    stream = Endless()
    request = RequestFactory().post("/api/v1/provider/reports")
    request.META |= {"CONTENT_LENGTH": str(1 << 30), "wsgi.input": stream}
    answer = BodyLimit(lambda _request: HttpResponse("taken"))(request)
    assert answer.status_code == 413
    assert stream.given <= 64_000_000


def test_privilege_is_refused_gently_with_the_sentence_of_the_law(program: Program) -> None:
    Provider.objects.update(countries=["AU-ACT"])
    answer = program.post(as_lines(line(1), line(2, privileged=True, words="My words"))).data
    assert [one["code"] for one in answer["lines"]] == ["", "privileged"]
    assert "(Crimes Act 1900 (ACT) s 66AA)" in answer["lines"][1]["sentence"]
    alone = program.post(as_lines(line(3, privileged=True)), once="another-key-of-16").data
    assert "Australian Capital Territory" in alone["title"]
    assert "My words" not in json.dumps(answer)


def test_a_table_and_one_report_are_taken_alike(program: Program) -> None:
    table = (
        "reference,known_at,addresses,sha256\nA,2026-11-01T09:00:00Z,https://a.example/1," + "0" * 64 + "\nB,soon,x,\n"
    )
    answer = program.post(table.encode(), kind="text/csv")
    assert [one["code"] for one in answer.data["lines"]] == ["", "bad_time"]
    one = program.post(json.dumps(line(5)).encode(), kind="application/json", once="another-key-of-16")
    assert one.data["accepted"] == 1
    wide = "known_at;words\r\n2026-11-01T09:00:00Z;été\r\n"
    assert program.post(wide.encode("utf-16"), kind="text/csv", once="another-key-of-20").data["accepted"] == 1
    old = program.post(wide.encode("cp1252"), kind="text/csv", once="another-key-of-21")
    assert "CSV UTF-8" in old.data["title"]
    marked = b"\xef\xbb\xbf" + as_lines(line(6))
    assert program.post(marked, once="another-key-of-22").data["accepted"] == 1, "as some programs write text"
    assert "picture" in program.post(b"picture\nx\n", kind="text/csv", once="another-key-of-17").data["title"]


def test_a_receipt_convinces_whoever_has_nothing_else(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    sent = as_lines(line(1), line(2), line(3))
    answer = program.post(sent).data
    (tmp_path / "sent.jsonl").write_bytes(sent)

    def check(found: Any, *more: str) -> tuple[int, str]:
        (tmp_path / "receipt.json").write_text(json.dumps(found))
        done = CliRunner().invoke(app, ["verify-receipt", str(tmp_path / "receipt.json"), *more], standalone_mode=False)
        return int(done.return_value or 0), done.output

    code, text = check(answer, "--lines", str(tmp_path / "sent.jsonl"))
    assert (code, "fetch the receipt again" in text) == (0, True)
    assert services.sign_log(program.cast.hotline_id) is None
    whole, alone = (
        program.get(f"receipts/{answer['batch']}").data,
        program.get(f"receipts/{answer['batch']}-00002").data,
    )
    (tmp_path / "policy").write_text(f"log {whole['log']}\n")
    for found in (whole, alone):
        code, text = check(found, "--policy", str(tmp_path / "policy"), "--key", whole["signature"]["key"])
        assert (code, "rows has it" in text) == (0, True), text
    assert "P000" not in json.dumps(alone["report"]).replace(f"{answer['batch']}-00002", ""), "it names no other line"
    (tmp_path / "sent.jsonl").write_bytes(as_lines(line(1), line(2), line(4)))
    assert check(whole, "--lines", str(tmp_path / "sent.jsonl"))[0] == 1
    assert program.get(f"receipts/{answer['batch']}-00009").status_code == 404
    assert program.get("receipts/1").status_code == 404
    stranger = make_key(make_provider(program.cast, legal_name="Other"))
    assert program.get(f"receipts/{answer['batch']}", stranger).status_code == 404
    done = CliRunner().invoke(app, ["verify-receipt", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "can't be read" in str(done.exception)


def test_lines_become_cases_once_and_the_same_thing_is_folded(program: Program) -> None:
    one_file = [{"hashes": {"md5": "1" * 32}}]
    program.post(
        as_lines(
            line(1),
            line(2, files=one_file, addresses=["https://a.example/x?s=1"]),
            line(3, files=one_file, addresses=["https://a.example/x?s=2"]),
        )
    )
    run_until_idle(most=3)
    assert states() == ["opened", "opened", "folded"]
    run_until_idle(datetime.now(UTC) + timedelta(seconds=1), most=30)
    assert set(Case.objects.values_list("source", flat=True)) == {"provider"}
    report = Report.objects.order_by("id").first()
    assert report is not None
    assert (report.source, report.urgency) == ("provider", "")
    assert "Harbour Pictures Ltd" in report.text
    assert {"provider_line.opened", "report.received"} <= set(events(program.cast.hotline_id))


def test_later_reports_reach_the_first_and_a_withdrawal_discards_nothing(program: Program) -> None:
    first = program.post(as_lines(line(1), line(2))).data["lines"]
    services.open_some(urgent=False)
    one, two = (entry["incident"] for entry in first)
    more = program.post(
        as_lines(
            {"kind": "subsequent", "of": one, "addresses": ["https://more.example/x"]},
            {"kind": "correction", "of": one, "words": "The other account."},
            {"kind": "withdrawal", "of": two, "words": "Ours by mistake."},
            {"kind": "correction", "of": "P999999-00001", "words": "x"},
        ),
        once="another-key-of-16",
    ).data["lines"]
    assert [entry["code"] for entry in more] == ["", "", "", "unknown_incident"]
    services.open_some(urgent=False)
    assert states() == ["opened", "opened", "added", "added", "added"]
    assert Report.objects.count() == 2
    assert Report.objects.order_by("id").first().items.filter(comparable__contains="more.example").exists()
    texts = " ".join(one.text for one in ReporterMessage.objects.all())
    assert "The other account." in texts
    assert f"withdrawal of {two}" in texts
    early = program.post(as_lines(line(3)), once="another-key-of-17").data["lines"][0]["incident"]
    program.post(as_lines({"kind": "withdrawal", "of": early}), once="another-key-of-18")
    services.open_some(urgent=False)
    assert states()[-2:] == ["withdrawn", "withdrawn"], "before it was a case it becomes none, and stays on record"
    again = program.post(as_lines(line(3), line(4)), once="another-key-of-20").data["lines"]
    assert [entry["code"] for entry in again] == ["was_withdrawn", ""], (
        "it is no case, and whoever sends it again hears so"
    )
    late = program.post(as_lines({"kind": "correction", "of": early, "words": "x"}), once="another-key-of-19")
    assert late.data["code"] == "no_line_taken"


def test_what_a_stranger_reported_is_no_first_report_of_mine(program: Program) -> None:
    mine = program.post(as_lines(line(1))).data["lines"][0]["incident"]
    theirs = make_key(make_provider(program.cast, legal_name="Other"))
    answer = program.post(as_lines({"kind": "withdrawal", "of": mine}), key=theirs, once="another-key-of-16")
    assert answer.data["code"] == "no_line_taken"
    assert (
        program.post(
            as_lines({"kind": "withdrawal", "of": mine}), key=program.sandbox, once="another-key-of-17"
        ).status_code
        == 422
    )
    assert program.get("reports", theirs).data == {"reports": [], "next": None}


def test_the_sandbox_answers_alike_and_goes_nowhere(program: Program) -> None:
    answer = program.post(as_lines(line(1, danger=True)), key=program.sandbox).data
    assert (answer["sandbox"], answer["accepted"], answer["receipt"]["sandbox"]) == (True, 1, True)
    assert not Job.objects.filter(kind__startswith="providers.open").exists()
    services.open_some(urgent=True)
    assert (states(), Report.objects.count()) == (["tried"], 0)
    real = program.post(as_lines(line(1, danger=True)), once="another-key-of-16").data
    assert real["accepted"] == 1
    for mine, other, batch in (
        (program.key, program.sandbox, real["batch"]),
        (program.sandbox, program.key, answer["batch"]),
    ):
        assert program.get(f"receipts/{batch}", mine).status_code == 200
        assert program.get(f"receipts/{batch}", other).status_code == 404, (
            "a key of the sandbox reads nothing that was filed"
        )


def test_a_danger_report_is_before_whatever_lines_wait(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_AT_ONCE", 2)
    program.post(as_lines(*(line(number) for number in range(40)), line(90, danger=True)))
    kinds = list(
        Job.objects.filter(kind__startswith="providers.open").order_by("-urgent").values_list("kind", "urgent")
    )
    assert kinds == [(services.OPEN_URGENT, True), (services.OPEN, False)], "however many lines, one job of each kind"
    assert services.open_some(urgent=False) == timedelta(seconds=pace.PAUSE_SECONDS)
    assert Report.objects.count() == 2, "some at a time"
    Job.objects.all().delete()
    receive_report(
        told_of("http://public.example/x", kind="danger"),
        hotline_id=program.cast.hotline_id, portal_id=program.cast.portal_id, language="en", form_key=new_form_key(),
    )  # fmt: skip
    job = claim(datetime.now(UTC), "here", "urgent_quick")
    assert job is not None
    assert job.urgent
    monkeypatch.setattr(opening, "backlog", lambda now: type("Backlog", (), {"due": pace.MOST_WAITING}))
    services.open_some(urgent=False)
    assert Report.objects.count() == 3, "no more of them while other work waits"
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 1)
    services.open_some(urgent=True)
    report = Report.objects.get(urgency="marked")
    assert "a child is in danger" in report.marked_because
    program.post(as_lines(line(91, priority="P1")), once="another-key-of-16")
    assert services.open_some(urgent=True) == timedelta(seconds=pace.URGENT_PAUSE_SECONDS)
    assert Report.objects.filter(urgency="marked").count() == 1, "no more an hour than people are paged for"
    program.post(as_lines(line(92, danger=True)), once="another-key-of-17")
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 2)
    services.open_some(urgent=True)
    marked = [one.marked_because for one in Report.objects.filter(urgency="marked")]
    assert sum("in danger" in one for one in marked) == 2, "before any P1"


def test_later_reports_of_one_that_waits_hold_up_no_other(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 0)
    first = program.post(as_lines(line(1, priority="P1"))).data["lines"][0]["incident"]
    later = [{"kind": "subsequent", "of": first, "words": f"More {number}."} for number in range(3)]
    program.post(as_lines(*later, line(2)), once="another-key-of-16")
    services.open_some(urgent=True)
    assert services.open_some(urgent=False) is not None
    assert states() == ["waiting", "waiting", "waiting", "waiting", "opened"]
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 60)
    services.open_some(urgent=True)
    services.open_some(urgent=False)
    services.open_some(urgent=False)
    assert states() == ["opened", "added", "added", "added", "opened"]


def test_lines_of_a_suspended_provider_wait_for_a_person_and_urgent_ones_for_nobody(program: Program) -> None:
    program.post(as_lines(line(1), line(2, danger=True)))
    Provider.objects.update(state="suspended")
    services.open_some(urgent=False)
    services.open_some(urgent=True)
    assert states() == ["held", "opened"]
    one = ProviderLine.objects.get(number=1)
    services.take_line(one.pk, actor=program.cast["ana"].actor)
    assert states() == ["opened", "opened"]
    Provider.objects.update(state="approved")
    more = {"kind": "subsequent", "of": f"P{one.batch_id:06}-00001", "words": "More of it."}
    program.post(as_lines(more), once="another-key-of-16")
    Provider.objects.update(state="suspended")
    services.open_some(urgent=False)
    later = ProviderLine.objects.get(kind="subsequent")
    one.refresh_from_db()
    assert later.state == "held"
    assert services.take_line(later.pk, actor=program.cast["ana"].actor) == one.report_id, (
        "it is added to the case of its first"
    )
    assert (states()[-1], Report.objects.count()) == ("added", 2)


def test_what_became_of_reports_is_paged_by_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from leeward.providers.queries import lines as queries_lines

    program.post(as_lines(*(line(number) for number in range(3))))
    monkeypatch.setattr(queries_lines, "PER_ANSWER", 2)
    first = program.get("reports").data
    assert [(one["reference"], one["feedback"]) for one in first["reports"]] == [
        ("R-2", "received"),
        ("R-1", "received"),
    ]
    rest = program.get(f"reports?before={first['next']}").data
    assert [one["reference"] for one in rest["reports"]] == ["R-0"]
    assert rest["next"] is None
    assert program.get("reports?before=" + "9" * 400).status_code == 200


def test_a_provider_hears_what_became_of_the_case_and_what_is_asked(program: Program) -> None:
    incident = program.post(as_lines(line(1), line(2))).data["lines"][0]["incident"]
    other = make_provider(program.cast, legal_name="Other")
    services.open_some(urgent=False)
    key = make_key(other)
    program.post(as_lines(line(2, files=[])), key=key)
    services.open_some(urgent=False)
    run_until_idle(datetime.now(UTC) + timedelta(seconds=1), most=40)

    def heard(by: str = "") -> dict[str, tuple[str, list[str]]]:
        found = program.get("reports", by).data["reports"]
        return {one["reference"] or one["kind"]: (one["feedback"], one["questions"]) for one in found}

    assert heard() == {"R-1": ("received", []), "R-2": ("received", [])}
    assert heard(key) == {"R-2": ("known", [])}, "another reported it before"
    one = ProviderLine.objects.get(reference="R-1")
    assert one.report_id is not None
    ask_reporter(one.report_id, actor=program.cast["ana"].actor, canned="account-name")
    assert heard()["R-1"] == ("more_needed", ["What is the name of the account or the group?"])
    ana = signed_in(program.cast, "ana")
    assert "What is the name of the account" in ana.get(f"/desk/providers/lines/{one.pk}").content.decode()
    program.post(as_lines({"kind": "subsequent", "of": incident, "words": "pics7"}), once="another-key-of-16")
    assert heard()["R-1"] == ("received", []), "a later report answers"
    assert heard()["subsequent"] == ("received", [])
    services.open_some(urgent=False)
    for item in Report.objects.get(pk=one.report_id).items.all():
        tell_reporter(item.pk, state="acted", reason="police_told")
    assert (heard()["R-1"][0], heard()["subsequent"][0], heard()["R-2"][0]) == ("acted", "acted", "received")
    assert heard(key) == {"R-2": ("known", [])}


def test_dora_sees_nothing(program: Program) -> None:
    from django_scopes import scope

    program.post(as_lines(line(1)))
    with scope(hotline=program.cast.other_hotline_id):
        assert not ProviderLine.objects.exists()
        assert not Provider.objects.exists()
