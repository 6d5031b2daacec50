"""Reports to receivers over real sockets: nothing without an agreement, nothing twice, sent only with a receipt."""

import json
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.audit.models import AuditRow
from leeward.casework.models import Case
from leeward.demo.world.certificate import Certificate, make_certificate
from leeward.demo.world.receivers import CyberTiplineServer, IccamServer
from leeward.demo.world.web import Answer
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hosting.models import FoundFile
from leeward.jobs.models import Job
from leeward.outputs import services
from leeward.outputs.errors import NotRetractable, ReceiverOff, SubmittedAlready
from leeward.outputs.models import Export, Receiver, Submission
from leeward.outputs.protocols import cybertipline, iccam, line
from leeward.outputs.sealing import unseal
from leeward.outputs.services import submitting
from leeward.people.errors import NotSecondPerson
from leeward.people.queries import portal_changes_waiting
from leeward.people.services import settle_change
from tests.casework.conftest import Desk
from tests.outputs.test_exports import CERTAIN

pytestmark = pytest.mark.django_db
HTML = Answer(200, b"<html><body>Sign in</body></html>")
DOCTYPE = Answer(200, b'<!DOCTYPE a [<!ENTITY b "c">]><reportResponse>&b;</reportResponse>', "text/xml")
LARGE = Answer(200, b"<a>" + b"x" * (2 << 20) + b"</a>", "text/xml")


@pytest.fixture(autouse=True)
def on_this_machine(desk: Desk, settings: Any) -> None:
    """Receivers are on loopback here."""
    reached = {"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=reached)


@pytest.fixture
def tipline() -> Iterator[CyberTiplineServer]:
    with CyberTiplineServer() as server:
        yield server


@pytest.fixture
def network() -> Iterator[IccamServer]:
    with IccamServer() as server:
        yield server


def agree(desk: Desk, service: str, server: Any, who: str = "adam", **more: Any) -> None:
    """Two people put an agreement in force."""
    values = {"url": server.url, "user": server.user, "password": server.password, "is_test": False} | more
    number = services.record_agreement(
        service,
        terms="Memorandum 2026-4",
        agreed_on=date(2026, 5, 31),
        hotline_id=desk.cast.hotline_id,
        actor=desk.cast[who].actor,
        **values,
    )
    assert number is not None
    settle_change(number, confirm=True, actor=desk.cast["carl"].actor)
    services.take_confirmed_agreement(number)


def submitted(desk: Desk, service: str, server: Any, **more: Any) -> Submission:
    case = desk.first()
    desk.assess(case, facts=CERTAIN)
    agree(desk, service, server, **more)
    return Submission.objects.get(pk=report(service, case.reference, desk.cast["ana"].actor))


def report(service: str, reference: str, actor: Actor) -> int:
    """Somebody reads the preview, and reports the case."""
    seen = services.preview(service, reference, options=services.Options(), actor=actor).mark
    return services.submit(service, reference, options=services.Options(), seen=seen, actor=actor)


def again(desk: Desk, row: Submission) -> Submission:
    """The same case reported once more."""
    return Submission.objects.get(pk=report(row.service, row.case.reference, desk.cast["ana"].actor))


def run(row: Submission, times: int = 1) -> Submission:
    for _time in range(times):
        submitting.carry_on(row.pk)
    row.refresh_from_db()
    return row


def test_nothing_goes_without_an_agreement_that_an_administrator_recorded(
    desk: Desk, tipline: CyberTiplineServer
) -> None:
    case = desk.first()
    desk.assess(case, facts=CERTAIN)
    ana = desk.cast["ana"].actor
    with pytest.raises(ReceiverOff, match="no agreement is recorded"):
        report("cybertipline", case.reference, ana)
    with pytest.raises(NotAllowed):
        agree(desk, "cybertipline", tipline, who="carl")
    urls = (
        "http://pictures.example",
        "nowhere",
        "https://[x",
        "https://",
        "https://a:b@c.example",
        "https://c.example?",
    )
    for wrong in ({"user": ""}, *({"url": url} for url in urls)):
        with pytest.raises(Exception, match="can't be read"):
            agree(desk, "cybertipline", tipline, **wrong)
    agree(desk, "cybertipline", tipline)
    with pytest.raises(NotAllowed):
        report("cybertipline", case.reference, desk.cast["pia"].actor)
    row = Submission.objects.get(pk=report("cybertipline", case.reference, ana))
    services.stop_receiver("cybertipline", hotline_id=desk.cast.hotline_id, actor=desk.cast["adam"].actor)
    assert submitting.carry_on(row.pk) == submitting.WAITS
    assert tipline.requests() == [], "what is on its way waits"
    row.refresh_from_db()
    assert row.problem == "receiver_off"
    assert Export.objects.get().format == "cybertipline"


def test_a_report_is_submitted_added_to_finished_and_has_a_receipt(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    desk.work()
    row.refresh_from_db()
    assert row.step == "sent"
    assert [one.path.rpartition("/")[2] for one in tipline.requests()] == ["submit", "upload", "fileinfo", "finish"]
    (number,) = tipline.finished
    tip = tipline.tips[number]
    assert row.receipt["report"] == str(number)
    assert row.receipt["files"] == ["b01"]
    assert tip.files["b01"].startswith(b"address,bytes,md5"), "a list, never content"
    assert b"Supplemental Reported" in tip.details["b01"]
    assert (row.document, row.list, row.problem) == ("", "", ""), "what was sent is needed no more"
    assert AuditRow.objects.filter(event="case.submission_ended").count() == 1
    with pytest.raises(SubmittedAlready):
        again(desk, row)
    with pytest.raises(NotRetractable):
        services.withdraw(row.pk, actor=desk.cast["ana"].actor)


class Killed(BaseException):
    """The process dies here."""


def dying(inner: Callable[..., Any], at: int, *, before: bool) -> Callable[..., Any]:
    """What sends a request, in a process that dies before or after its n-th."""
    count = 0

    def send(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count == at and before:
            raise Killed
        answer = inner(*args)
        if count == at:
            raise Killed
        return answer

    return send


def test_whenever_the_process_dies_one_report_is_finished_and_no_second_one(
    desk: Desk, tipline: CyberTiplineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    for at in (1, 2, 3, 4):
        for before in (True, False):
            with monkeypatch.context() as patch:
                patch.setattr(cybertipline, "send", dying(line.send, at, before=before))
                with pytest.raises(Killed):
                    submitting.carry_on(row.pk)
            assert run(row, 2).step == "sent", (at, before)
            assert len(tipline.finished) == 1, (at, before)
            assert row.receipt["report"] == str(tipline.finished[0])
            tipline.tips.clear()
            Submission.objects.all().delete()
            row = again(desk, row)


def test_an_answer_that_is_none_is_never_a_receipt(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    for answer in (HTML, DOCTYPE, LARGE, Answer(hangs_up=True), Answer(500)):
        tipline.next(None, None, None, answer)
        assert run(row).step == "finish"
        assert row.problem
        assert row.receipt is None
        assert run(row).step == "sent"
        assert len(tipline.finished) == 1
        tipline.tips.clear()
        Submission.objects.all().delete()
        row = again(desk, row)


def test_a_refusal_is_an_error_with_its_code_even_with_status_200(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, 1100)
    assert (run(row).step, row.problem) == ("upload", "1100"), "it is tried again"
    tipline.next(None, 4100)
    run(row)
    assert (row.step, row.problem, row.receipt) == ("refused", "4100", None)
    page = desk.signed_in("ana").get(f"/desk/case/{row.case.reference}/exports").content.decode()
    assert "4100" in page
    assert "document invalid" in page


def test_what_vanished_after_a_day_is_submitted_anew(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    assert run(row).step == "finish"
    tipline.clock = datetime.now(UTC) + timedelta(hours=25)
    assert run(row).step == "sent"
    assert [tip.state for tip in tipline.tips.values()] == ["vanished", "finished"]


def test_somebody_wants_it_back_in_time(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    run(row)
    services.withdraw(row.pk, actor=desk.cast["ana"].actor)
    assert run(row).step == "retracted"
    assert [tip.state for tip in tipline.tips.values()] == ["retracted"]
    assert tipline.finished == []


@pytest.mark.parametrize("answer", [None, HTML])
def test_what_is_wanted_back_while_it_is_being_submitted_is_not_finished(
    desk: Desk, tipline: CyberTiplineServer, monkeypatch: pytest.MonkeyPatch, answer: Answer | None
) -> None:
    row = submitted(desk, "cybertipline", tipline)

    def send(*args: Any) -> Any:
        if args[2].endswith("/submit"):
            services.withdraw(row.pk, actor=desk.cast["ana"].actor)
        return line.send(*args)

    monkeypatch.setattr(cybertipline, "send", send)
    tipline.next(answer)
    assert run(row).step == "retracted"
    assert [tip.state for tip in tipline.tips.values()] == ([] if answer else ["retracted"])
    assert row.ended_at is not None


def test_what_was_sent_is_deleted_and_logged_though_the_process_died_right_after_the_receipt(
    desk: Desk, tipline: CyberTiplineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    with monkeypatch.context() as patch:
        patch.setattr(submitting, "end", dying(submitting.end, 1, before=True))
        with pytest.raises(Killed):
            submitting.carry_on(row.pk)
    row.refresh_from_db()
    assert (row.step, row.ended_at) == ("sent", None)
    services.stop_receiver("cybertipline", hotline_id=desk.cast.hotline_id, actor=desk.cast["adam"].actor)
    for _time in range(2):
        assert submitting.carry_on(row.pk) is None
    row.refresh_from_db()
    assert (row.document, row.list, row.ended_at is None) == ("", "", False)
    assert AuditRow.objects.filter(event="case.submission_ended").count() == 1


def test_a_test_is_no_report_and_goes_to_the_address_for_tests_only(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline, is_test=True)
    assert row.is_test
    agree(desk, "cybertipline", tipline)
    assert submitting.carry_on(row.pk) == submitting.WAITS
    assert tipline.requests() == []
    row.refresh_from_db()
    assert row.problem == "made_for_another_address"


def test_without_readable_credentials_nothing_is_sent_and_the_page_says_why(
    desk: Desk, tipline: CyberTiplineServer
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    Receiver.objects.update(sealed="of another installation")
    assert submitting.carry_on(row.pk) == submitting.WAITS
    assert tipline.requests() == []
    page = desk.signed_in("ana").get(f"/desk/case/{row.case.reference}/exports").content.decode()
    assert "credentials_unreadable" in page


def test_whether_it_was_finished_is_asked_until_somebody_lets_us_in(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, Answer(500), 2000)
    run(row, 2)
    assert (row.step, row.problem) == ("doubt", "2000")
    tipline.next(4000)
    assert (run(row).step, row.problem) == ("held", "4000")
    with pytest.raises(SubmittedAlready):
        again(desk, row)


def test_a_number_that_fits_no_column_is_no_answer(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    inside = f"<responseCode>0</responseCode><responseDescription>ok</responseDescription><fileId>{'9' * 41}</fileId>"
    tipline.next(None, Answer(200, f"<reportResponse>{inside}</reportResponse>".encode(), "text/xml"))
    assert (run(row).step, row.problem) == ("upload", "answer_incomplete")


def test_iccam_gets_report_assessment_and_fields_and_in_a_later_run_the_actions(
    desk: Desk, network: IccamServer
) -> None:
    row = submitted(desk, "iccam", network)
    document = row.document
    assert submitting.carry_on(row.pk) is not None
    row.refresh_from_db()
    assert row.step == "actions"
    (item,) = network.items.values()
    assert item.assessment["classification"] == 1
    assert item.is_monitored
    assert item.actions == []
    network.clock = datetime.now(UTC) + timedelta(hours=1)  # the token ran out
    assert run(row).step == "sent"
    assert row.receipt["report"] == "700001"
    assert '"actions"' in document


def test_a_receiver_that_asks_for_a_certificate_gets_the_one_it_gave_us(
    desk: Desk, network: IccamServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, ours, other = (_certificate(tmp_path / name) for name in ("server", "ours", "other"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ours.certificate)
    [listener] = network._listeners
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    there = f"https://127.0.0.1:{network.port}"
    with pytest.raises(BadInput, match="certificate and its key"):
        agree(desk, "iccam", network, url=there, certificate=ours.certificate.read_text() + other.key.read_text())
    without = run(submitted(desk, "iccam", network, url=there))
    assert (without.step, bool(without.problem)) == ("report", True)
    text = ours.certificate.read_text() + ours.key.read_text()
    agree(desk, "iccam", network, url=there, certificate=text)
    assert run(without, times=2).step in ("actions", "sent")
    assert without.receipt["report"] == "700001"
    assert "PRIVATE KEY" not in Receiver.objects.get().sealed


def _certificate(folder: Path) -> Certificate:
    folder.mkdir()
    return make_certificate(folder, name="iccam.example")


def test_iccam_gets_nothing_twice(desk: Desk, network: IccamServer, monkeypatch: pytest.MonkeyPatch) -> None:
    row = submitted(desk, "iccam", network)
    for at in range(2, 9):
        row.document = row.document.replace('"actions": []', f'"actions": [{ACTION}]')
        row.save()
        with monkeypatch.context() as patch:
            patch.setattr(iccam, "send", dying(line.send, at, before=False))
            with pytest.raises(Killed):
                run(row, 3)
        assert run(row, 3).step == "sent", at
        (item,) = network.items.values()
        assert len(item.actions) == 1, at
        network.items.clear()
        Submission.objects.all().delete()
        row = again(desk, row)


ACTION = '{"actionType": 1, "actioningAnalystName": "Hotline", "actionDate": "2026-11-20T09:00:00Z"}'


def test_iccam_says_no_with_a_code(desk: Desk, network: IccamServer) -> None:
    row = submitted(desk, "iccam", network)
    network.next(401)
    assert (run(row).step, row.problem) == ("report", "http_401")
    network.next(None, HTML)
    assert (run(row).step, row.problem) == ("report", "not_json")
    network.next(None, Answer(409, b"{}", "application/json"))
    assert (run(row).step, row.problem) == ("held", "http_409"), "a reference that somebody else has is for a person"
    assert network.items == {}
    assert Job.objects.filter(kind=submitting.JOB, dead=True).count() == 0


def test_on_the_desk_an_agreement_is_recorded_and_a_report_sent_and_withdrawn(
    desk: Desk, tipline: CyberTiplineServer
) -> None:
    case = desk.first()
    desk.assess(case, facts=CERTAIN)
    adam, ana = desk.signed_in("adam"), desk.signed_in("ana")
    here = f"/desk/case/{case.reference}/exports"
    assert "Report it there" not in ana.get(f"{here}?format=cybertipline").content.decode()
    assert ana.post(here, {"format": "cybertipline", "act": "submit"}).status_code == 409
    given = {"service": "cybertipline", "terms": "Memorandum", "agreed_on": "2026-05-31", "url": tipline.url}
    wrong = adam.post("/desk/receivers", given | {"user": "us", "act": "agree"})
    assert wrong.status_code == 422
    assert "No agreement is recorded" in wrong.content.decode()
    secrets = {"user": tipline.user, "password": tipline.password}
    first = seen_on(adam.get("/desk/receivers").content.decode())
    assert adam.post("/desk/receivers", given | secrets | {"act": "agree", "seen": first}).status_code == 302
    [change] = portal_changes_waiting(desk.cast.hotline_id)
    settle_change(change.id, confirm=True, actor=desk.cast["carl"].actor)
    desk.work()
    page = adam.get("/desk/receivers").content.decode()
    assert "Memorandum" in page
    assert f'value="{tipline.password}"' not in page
    page = ana.get(f"{here}?format=cybertipline").content.decode()
    assert "Report it there" in page
    tipline.next(None, None, None, 1000)
    assert ana.post(here, {"format": "cybertipline", "act": "submit", "seen": seen_on(page)}).status_code == 302
    desk.work()
    assert "On its way" in ana.get(here).content.decode()
    assert ana.post(f"{here}/settle", {"submission": "0", "act": "withdraw"}).status_code == 404
    assert (
        ana.post(f"{here}/settle", {"submission": str(Submission.objects.get().pk), "act": "withdraw"}).status_code
        == 302
    )
    assert run(Submission.objects.get()).step == "retracted"
    assert "Withdrawn" in ana.get(here).content.decode()
    stop = {"service": "cybertipline", "act": "stop"}
    assert adam.post("/desk/receivers", stop | {"seen": first}).status_code == 409, "it was agreed on since"
    seen = seen_on(adam.get("/desk/receivers").content.decode())
    assert adam.post("/desk/receivers", stop | {"seen": seen}).status_code == 302
    assert "Stopped: nothing is sent." in adam.get("/desk/receivers").content.decode()


def seen_on(page: str) -> str:
    """The mark of what a preview shows."""
    return page.split('name="seen" value="')[1].partition('"')[0]


@pytest.mark.parametrize("found_since", ["urgency", "a file"])
def test_what_was_found_since_the_preview_was_read_is_not_reported_unread(
    desk: Desk, tipline: CyberTiplineServer, found_since: str
) -> None:
    case = desk.first()
    desk.assess(case, facts=CERTAIN)
    agree(desk, "cybertipline", tipline)
    ana, here = desk.signed_in("ana"), f"/desk/case/{case.reference}/exports"
    asked = {
        "format": "cybertipline",
        "act": "submit",
        "seen": seen_on(ana.get(f"{here}?format=cybertipline").content.decode()),
    }
    if found_since == "urgency":
        Case.objects.filter(pk=case.pk).update(urgent=not case.urgent)
    else:
        FoundFile.objects.exclude(sha256="").update(sha256="ab" * 32)
    answer = ana.post(here, asked)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "since the preview that you read" in page
    assert found_since == "urgency" or "ab" * 32 in page, "the list that goes with it is there to be read"
    assert not Submission.objects.exists()
    assert not Export.objects.exists(), "nothing was made for anybody"
    assert ana.post(here, asked | {"seen": seen_on(page)}).status_code == 302
    assert Submission.objects.get().step == "submit"


def test_an_agreement_takes_two_people_and_shows_no_password(desk: Desk, tipline: CyberTiplineServer) -> None:
    hotline_id, adam, carl = desk.cast.hotline_id, desk.cast["adam"], desk.cast["carl"]
    page = "/desk/receivers"
    typed = {
        "service": "cybertipline", "act": "agree", "terms": "Memorandum 2026-4", "agreed_on": "2026-05-31", "url": tipline.url,
        "user": "harbour", "password": "hunter-of-shells",
    }  # fmt: skip
    typed["seen"] = seen_on(desk.signed_in("adam").get(page).content.decode())
    shown = desk.signed_in("adam").post(page, typed, follow=True).content.decode()
    assert "This takes two people" in shown
    assert "The agreement with a receiver of reports is waiting for a second person: cybertipline." in shown
    assert not Receiver.objects.exists()
    [change] = portal_changes_waiting(hotline_id)
    asked = desk.signed_in("carl").get(f"/desk/portals/changes/{change.id}").content.decode()
    for part in ("Memorandum 2026-4", "2026-05-31", tipline.url, "another one; it is not shown"):
        assert part in asked
    assert "hunter-of-shells" not in asked + json.dumps(change.wanted)
    with pytest.raises(NotSecondPerson):
        settle_change(change.id, confirm=True, actor=adam.actor)
    settle_change(change.id, confirm=True, actor=carl.actor)
    desk.work()
    row = Receiver.objects.get()
    assert (row.agreed_by_id, row.stopped_at, unseal(row.sealed)) == (
        adam.account_id,
        None,
        ("harbour", "hunter-of-shells", ""),
    )
    services.stop_receiver("cybertipline", hotline_id=hotline_id, actor=adam.actor)
    services.take_confirmed_agreement(change.id)
    assert Receiver.objects.get().stopped_at is not None, "what was stopped doesn't begin again by itself"
    assert portal_changes_waiting(desk.cast.other_hotline_id) == []
