"""Whoever was restored from a backup tells its witnesses, who show it to whoever runs them and cosign no less strictly."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from leeward.administration.services import confirm_restored, take_up
from leeward.audit.errors import SignerRefused
from leeward.audit.models import AuditRow
from leeward.audit.rules.notes import LOG
from leeward.audit.rules.restoring import Restoring, signed_restoring
from leeward.audit.tree.checkpoints import begin_anew, own_keys, own_witness_key, publish
from leeward.audit.tree.signing import key, sign_restoring
from leeward.backup.models import Restoration
from leeward.cli.main import run
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.errors import RetryLater
from leeward.jobs.models import Job
from leeward.witnessing import restored, services
from leeward.witnessing.models import Contradiction, WatchedLog, Witness
from leeward.witnessing.queries import everything
from leeward.witnessing.tasks import tell_of_restoring
from tests.audit.test_log import some_acts
from tests.audit.test_notes import LOG_KEY, REQUESTS, private
from tests.personas import Cast
from tests.signers import signing_here

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
BACKUP = NOW - timedelta(days=2)
PATH = "/witness/restored"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signing_here(monkeypatch, tmp_path / "signer")


def sent(client: Client, body: str) -> int:
    """Post it to us as a witness; return the status."""
    return client.post(PATH, body, content_type="text/plain").status_code


def events() -> list[str]:
    """What the log of the installation says."""
    return list(AuditRow.objects.filter(chain=0).order_by("number").values_list("event", flat=True))


@pytest.fixture
def ring(client: Client, monkeypatch: pytest.MonkeyPatch) -> Witness:
    """Here both are this one: its own endpoint is its witness, and has cosigned."""
    some_acts(3)
    log_key = next(line for line in own_keys() if "/audit/5" in line).removeprefix("log ")
    services.watch_log(log_key, actor=SYSTEM, now=BACKUP)
    services.add_witness("http://testserver/witness", own_witness_key().text, actor=SYSTEM, now=BACKUP)

    def post(url: str, body: str) -> tuple[int, str]:
        answer = client.post(url.removeprefix("http://testserver"), body, content_type="text/plain")
        return answer.status_code, answer.content.decode()

    monkeypatch.setattr(services, "post", post)
    monkeypatch.setattr(restored, "post", post)
    assert services.ask(Witness.objects.get(), 5, publish(5, BACKUP), BACKUP) == ""
    return Witness.objects.get()


def test_a_witness_is_told_once_it_was_confirmed_and_shows_it(
    ring: Witness, cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Restoration.objects.create(backup_at=BACKUP, restored_at=NOW)
    take_up(NOW)
    assert Job.objects.filter(kind=restored.TELL, subject_id=ring.pk).count() == 1
    confirm_restored(actor=Actor("command"), now=NOW)
    begin_anew(5, actor=SYSTEM)  # as the signing may have done before
    for _ in range(2):
        tell_of_restoring(ring.pk)
    row = WatchedLog.objects.get()
    assert (row.backup_at, row.restored_at) == (BACKUP, NOW)
    (line,) = [line for line in everything() if line.kind == "log"]
    assert (line.problem, line.restored) == ("", "2026-11-27 12:00 to 2026-11-29 12:00 UTC")
    assert events().count("log.was_restored") == 1
    told = AuditRow.objects.filter(event="witness.told_of_restoring").order_by("number")[0]
    assert '"logs":1' in told.facts
    assert '"took_it":1' in told.facts
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    run(["witness", "list"])
    assert "2026-11-27 12:00 to 2026-11-29 12:00 UTC" in capsys.readouterr().out
    tell_of_restoring(ring.pk + 999)


def test_a_hotline_that_moved_tells_no_witness(ring: Witness) -> None:
    Restoration.objects.create(backup_at=BACKUP, restored_at=NOW, moved=True)
    take_up(NOW)
    assert not Job.objects.filter(kind=restored.TELL).exists()


def test_only_what_a_watched_log_signed_counts_and_older_notices_change_nothing(client: Client) -> None:
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=BACKUP)

    def note(name: str = LOG_KEY.name, at: datetime = NOW, *, is_signed: bool = True) -> str:
        claim = Restoring(name, BACKUP, at)
        signature = private("log").sign(claim.text.encode())
        return signed_restoring(claim, LOG_KEY, signature if is_signed else bytes(64)).text

    assert sent(client, "nothing of the kind") == 400
    assert sent(client, note("other.example/audit/9")) == 404
    assert sent(client, note(is_signed=False)) == 403
    assert sent(client, note(at=datetime.now(UTC) + timedelta(days=2))) == 400
    assert client.get(PATH).status_code == 405
    assert sent(client, "x" * 70_000) == 413
    assert client.post(PATH, b"\xff", content_type="text/plain").status_code == 400
    assert WatchedLog.objects.get().restored_at is None
    assert sent(client, note()) == 200
    assert sent(client, note(at=NOW - timedelta(hours=1))) == 200
    assert WatchedLog.objects.get().restored_at == NOW
    assert events().count("log.was_restored") == 1


def test_a_log_that_was_restored_is_cosigned_no_less_strictly(client: Client) -> None:
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=BACKUP)
    for number in (3, 4):
        request = REQUESTS["cases"][number]["request"]
        assert client.post("/witness/add-checkpoint", request, content_type="text/plain").status_code == 200
    claim = Restoring(LOG_KEY.name, BACKUP, NOW)
    assert sent(client, signed_restoring(claim, LOG_KEY, private("log").sign(claim.text.encode())).text) == 200
    fork = REQUESTS["cases"][10]["request"]
    assert client.post("/witness/add-checkpoint", fork, content_type="text/plain").status_code == 422
    assert Contradiction.objects.exists()


def test_a_signer_says_it_only_of_logs_that_it_signed(
    ring: Witness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SignerRefused, match="nothing of this log was signed here"):
        sign_restoring(Restoring("testserver/audit/77", BACKUP, NOW))
    assert len(sign_restoring(Restoring("testserver/audit/5", BACKUP, NOW))) == 64
    Restoration.objects.create(backup_at=BACKUP, restored_at=NOW, prepared_at=NOW, confirmed_at=NOW)
    signing_here(monkeypatch, tmp_path / "another signer")
    assert services.tell_restored(ring.pk, NOW), "the witness must be told by hand"
    assert '"took_it":0' in AuditRow.objects.get(event="witness.told_of_restoring").facts
    assert key("testserver/audit/5", LOG).text != WatchedLog.objects.get().vkey


@pytest.mark.parametrize(("status", "is_later"), [(0, True), (503, True), (429, True), (404, False), (405, False)])
def test_who_is_silent_is_asked_again_for_a_week(
    ring: Witness, monkeypatch: pytest.MonkeyPatch, status: int, is_later: bool
) -> None:
    Restoration.objects.create(backup_at=BACKUP, restored_at=NOW, prepared_at=NOW, confirmed_at=NOW)
    monkeypatch.setattr(restored, "post", lambda _url, _body: (status, ""))
    assert services.tell_restored(ring.pk, NOW) is not is_later
    assert services.tell_restored(ring.pk, NOW + timedelta(days=8))
    if is_later:
        monkeypatch.setattr(restored, "TRIED_FOR", timedelta(days=100_000))
        with pytest.raises(RetryLater):
            tell_of_restoring(ring.pk)
