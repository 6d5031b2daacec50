"""Witnesses: what we answer as one, against published requests; how we ask one, against a witness that others wrote."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client

from leeward.audit.models import AuditCheckpoint, AuditCosignature, AuditRow, AuditTip
from leeward.audit.queries import entries, verdict
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Note, cosigned, holds
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import vouched
from leeward.audit.rules.witnessing import read_request
from leeward.audit.services import INSTALLATION, append_many, hotline_transaction, record
from leeward.audit.tree.checkpoints import begin_anew, own_keys, own_witness_key, publish
from leeward.audit.tree.signing import key
from leeward.audit.tree.stored import note_of
from leeward.backup.models import Restoration
from leeward.cli import audit as cli_audit
from leeward.cli import witness as cli_witness
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import BadInput, NotFound
from leeward.site.health import current_alarms
from leeward.witnessing import asking, cosigning, services
from leeward.witnessing import line as witnessing_line
from leeward.witnessing.asking import ask_witnesses
from leeward.witnessing.errors import NotAKey, WatchedAlready
from leeward.witnessing.models import Contradiction, WatchedLog, Witness
from leeward.witnessing.queries import alarms, everything
from tests.audit.test_log import relinked, some_acts, tampered
from tests.audit.test_notes import KEYS, LOG_KEY, REQUESTS
from tests.audit.test_tree import as_thief
from tests.signers import signing_here

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
PATH = "/witness/add-checkpoint"


@pytest.fixture(autouse=True)
def _signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signing_here(monkeypatch, tmp_path / "signer")


def sent(client: Client, body: str) -> tuple[int, str]:
    answer = client.post(PATH, body, content_type="text/plain")
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
def test_the_published_requests_are_answered_over_http(client: Client) -> None:
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    for case in REQUESTS["cases"]:
        status, text = sent(client, case["request"])
        assert status == case["spec"], case["what"]
        if status == 409:
            assert text == "13\n"
        if status == 200:
            key = own_witness_key()
            note = Note.read(case["request"].partition("\n\n")[2].removesuffix("\n") + "\n" + text)
            assert dict(vouched(note, LOG_KEY, [key])[1]).keys() == {key.name}
    row = WatchedLog.objects.get()
    assert row.size == 13
    digest = hashlib.sha256(row.origin.encode()).hexdigest()
    shown = client.get(f"/witness/{digest}/checkpoint").content.decode()
    assert Checkpoint.read(Note.read(shown).body).size == 13
    assert client.get(f"/witness/{'0' * 64}/checkpoint").status_code == 404
    assert Contradiction.objects.count() == 4
    [(code, what)] = alarms(NOW)
    assert code == "log_forked"
    assert what == f"{row.origin} ({row.size}, {row.cosigned_at:%Y-%m-%d %H:%M} UTC)"
    assert [(line.kind, line.problem) for line in everything()] == [
        ("log", f"4 requests contradict it: leeward witness evidence {row.origin}")
    ]


@pytest.mark.django_db
def test_what_is_no_request_is_refused_before_anything_else(client: Client) -> None:
    assert client.get(PATH).status_code == 405
    assert sent(client, "x" * 70_000)[0] == 413
    assert client.post(PATH, b"old 0\n\n\xff", content_type="text/plain").status_code == 400


@pytest.mark.django_db
def test_a_database_put_back_cosigns_no_second_history(client: Client) -> None:
    """The signer's own mark stands outside the database."""
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    first, second = (case["request"] for case in REQUESTS["cases"][3:5])
    assert sent(client, first)[0] == 200
    old = WatchedLog.objects.values().get()
    assert sent(client, second)[0] == 200
    WatchedLog.objects.update(**old)
    fork = REQUESTS["cases"][10]["request"]
    assert sent(client, fork.replace("old 13", "old 5", 1))[0] in (422, 503)
    assert sent(client, second) == (409, "13\n"), "the signer knows how far it signed"
    again = "old 13\n\n" + second.partition("\n\n")[2]
    assert sent(client, again)[0] == 200, "and from there it goes on"
    assert sent(client, fork)[0] == 422
    assert WatchedLog.objects.get().size == 13


@pytest.mark.django_db
def test_keys_are_checked_and_each_is_known_once() -> None:
    witness = KEYS["vkeys"]["own_witness"]
    with pytest.raises(NotAKey, match="witness's, not a log's"):
        services.watch_log(witness, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAKey, match="log's, not a witness's"):
        services.add_witness("http://127.0.0.1", LOG_KEY.text, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAKey, match="mistyped"):
        services.watch_log(LOG_KEY.text.replace("44bf", "44be"), actor=SYSTEM, now=NOW)
    services.add_witness("http://127.0.0.1:1/", witness, actor=SYSTEM, now=NOW)
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    with pytest.raises(WatchedAlready):
        services.add_witness("http://127.0.0.1:2", witness, actor=SYSTEM, now=NOW)
    with pytest.raises(WatchedAlready):
        services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    assert [line.url for line in everything()] == ["http://127.0.0.1:1", ""]
    for name in (Key.read(witness).name, LOG_KEY.name):
        services.remove(name, actor=SYSTEM)
        with pytest.raises(NotFound):
            services.remove(name, actor=SYSTEM)
    assert everything() == []


class OtherMakers:
    """A witness of other makers, as it is, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.vkey = self.make()

    def make(self) -> str:
        """Make its key, and return it as a line."""
        raise NotImplementedError

    def name_for(self, log_key: bytes) -> str:
        """Return the name that a log must have so that this witness knows it; empty if any will do."""
        raise NotImplementedError

    def watch(self, log: Key) -> None:
        """Cosign this log from now on."""
        raise NotImplementedError

    def start(self, *command: str, **environment: str) -> None:
        self.process = subprocess.Popen(command, env={**os.environ, **environment})
        for _try in range(100):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the witness didn't start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)


class Aics(OtherMakers):
    """PyPI's aics-witness."""

    def make(self) -> str:
        said = self._run("init", "--name", "witness.example/a1", "--listen", f"127.0.0.1:{self.port}")
        return next(word for word in said.split() if word.startswith("witness.example/a1+"))

    def name_for(self, log_key: bytes) -> str:
        return ""

    def watch(self, log: Key) -> None:
        self._run("add-log", "--origin", log.name, "--vkey", log.text)
        self.start(*self._command("serve"), "--log-level", "ERROR")

    def _command(self, word: str) -> list[str]:
        program = Path(sys.executable).with_name("aics-witness")
        return [str(program), word, "--config", str(self.folder / "witness.json")]

    def _run(self, word: str, *others: str) -> str:
        return subprocess.run([*self._command(word), *others], check=True, capture_output=True, text=True).stdout


class Sigsum(OtherMakers):
    """Debian's sigsum-witness, which cosigns one log, named after the hash of its key."""

    def make(self) -> str:
        self._key_tool("generate", "-o", "witness")
        raw = bytes.fromhex(self._key_tool("to-hex", "-k", "witness.pub"))
        return Key(f"sigsum.org/v1/witness/{hashlib.sha256(raw).hexdigest()}", WITNESS, raw).text

    def name_for(self, log_key: bytes) -> str:
        return f"sigsum.org/v1/tree/{hashlib.sha256(log_key).hexdigest()}"

    def watch(self, log: Key) -> None:
        (self.folder / "log.hex").write_text(log.raw.hex())
        self._key_tool("from-hex", "-k", "log.hex", "-o", "log.pub")
        files = [("-k", "witness"), ("--log-key", "log.pub"), ("--state-file", "state")]
        given = [word for option, name in files for word in (option, str(self.folder / name))]
        self.start("sigsum-witness", *given, f"127.0.0.1:{self.port}", GODEBUG="httpmuxgo121=0")

    def _key_tool(self, *words: str) -> str:
        command = ["sigsum-key", *words]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(params=[Aics, Sigsum])
def other_makers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OtherMakers]:
    if request.param is Sigsum and not shutil.which("sigsum-witness"):
        pytest.skip("no sigsum-witness here")
    running = request.param(tmp_path)
    yield running
    running.stop()


@pytest.mark.django_db(transaction=True)
def test_a_witness_of_other_makers_cosigns_and_catches_a_cut(other_makers: OtherMakers, settings: Any) -> None:
    """The attack that the log alone doesn't see: rows cut, with the old tip and the old checkpoints put back."""
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""}
    )
    some_acts(4)
    AuditTip.objects.filter(chain=5).update(origin=other_makers.name_for(key("signer", LOG).raw))
    now = datetime.now(UTC)  # the witness has a clock of its own
    publish(5, now)
    line = next(line for line in own_keys() if line.startswith("log "))
    other_makers.watch(Key.read(line.removeprefix("log ")))
    witness = Key.read(other_makers.vkey)
    services.add_witness(f"http://127.0.0.1:{other_makers.port}", witness.text, actor=SYSTEM, now=now)
    tampered("DELETE FROM audit_auditrow WHERE chain = 0")
    AuditTip.objects.filter(chain=0).delete()
    later = now + timedelta(hours=2)
    assert services.publish_all(later) == []
    cosigned = AuditCosignature.objects.get()
    note = note_of(cosigned.checkpoint)
    policy = Policy.read(f"{line}\nwitness {witness.text}")
    assert len(vouched(note, policy.logs[0], policy.witnesses)[1]) == 1
    before = AuditTip.objects.filter(chain=5).values().get()
    some_acts(3)
    assert services.publish_all(later + timedelta(hours=2)) == []
    assert AuditCosignature.objects.count() == 2, "it grew, and the proof convinced the witness"
    answers = ask_witnesses(5, policy)
    assert (answers.problem, [one.is_good for one in answers.asked]) == ("", [True])
    assert "that it has seen these 7 rows and nothing else" in answers.asked[0].answer

    tampered("DELETE FROM audit_auditrow WHERE number > 4")
    AuditTip.objects.filter(chain=5).update(**before)
    with as_thief("audit_auditcheckpoint"):
        AuditCosignature.objects.filter(checkpoint__size=7).delete()
        AuditCheckpoint.objects.filter(size=7).delete()
    assert verdict(5).fault is None, "within itself it is whole"
    for asked in (ask_witnesses(5, policy), ask_witnesses(5, None)):
        assert asked.problem == f"{witness.name} contradicts it"
        assert re.match(
            r"saw 7 rows( at [0-9 :-]+ UTC)?, and there are 4; both agree up to row 4, as it saw", asked.asked[0].answer
        )
    problem = services.ask(Witness.objects.get(), 5, publish(5, later), later)
    [left] = AuditCosignature.objects.all()
    at = f"{datetime.fromtimestamp(left.seen_at, UTC):%Y-%m-%d %H:%M} UTC"
    says = f"{witness.name}: it has seen 7 rows of this log, and there are 4; both agree up to row 4, as it saw at {at}"
    assert problem == says
    assert alarms(later) == [("log_contradicted", f"{witness.name} (4, {at})")]


@pytest.mark.django_db(transaction=True)
def test_a_log_written_anew_with_every_stolen_key_is_caught_by_a_witness(
    other_makers: OtherMakers, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other attack: row 3 is written anew with all that follows, and the checkpoint with the stolen key of the signer, whose
    state the thief has put back. Nothing here shows it; the witness does, and so it answers whoever verifies."""
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""}
    )
    now = datetime.now(UTC)
    some_acts(2)
    AuditTip.objects.filter(chain=5).update(origin=other_makers.name_for(key("signer", LOG).raw))
    line = next(line for line in own_keys() if line.startswith("log ") and "/audit/0" not in line)
    other_makers.watch(Key.read(line.removeprefix("log ")))
    witness = Key.read(other_makers.vkey)
    services.add_witness(f"http://127.0.0.1:{other_makers.port}", witness.text, actor=SYSTEM, now=now)
    assert services.ask(Witness.objects.get(), 5, publish(5, now), now) == ""
    state = (tmp_path / "signer" / "state.json").read_bytes()
    some_acts(5)
    assert services.ask(Witness.objects.get(), 5, publish(5, now), now) == ""
    forged, origin = relinked(list(entries(5)), 3), AuditTip.objects.get(chain=5).origin
    tampered("DELETE FROM audit_auditrow WHERE chain = 5")
    with as_thief("audit_auditcheckpoint"):
        AuditCosignature.objects.filter(checkpoint__size=7).delete()
        AuditCheckpoint.objects.filter(chain=5, size=7).delete()
    AuditTip.objects.filter(chain=5).delete()
    append_many(forged)
    AuditTip.objects.filter(chain=5).update(origin=origin)
    (tmp_path / "signer" / "state.json").write_bytes(state)
    signing_here(monkeypatch, tmp_path / "signer")
    made = publish(5, now)
    assert holds(made.row.body, made.own_line, Key.read(line.removeprefix("log ")))
    assert verdict(5).fault is None, "nothing here shows it"
    [asked] = ask_witnesses(5, None).asked
    assert asked.is_against
    assert "both agree up to row 2, as it saw at" in asked.answer
    problem = services.ask(Witness.objects.get(), 5, made, now)
    assert "another history" in problem or "rows of this log" in problem
    assert "both agree up to row 2, as it saw at" in problem
    [(code, what)] = alarms(now)
    assert code == "log_contradicted"
    assert what.startswith(f"{witness.name} (2, ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "problem", "is_alarm", "size"),
    [
        ([(422, "")], "it has seen another history of this log", True, 0),
        ([(409, "9\n")], "it has seen 9 rows of this log, and there are 3", True, 0),
        ([(409, "2\n"), (409, "1\n")], "it names another size each time", False, 1),
        ([(409, "x")], "its answer can't be read", False, 0),
        ([(200, "x")], "its answer can't be read", False, 3),
        ([(200, "— w.example/1 " + "A" * 20 + "\n")], "its line is not signed with its key", False, 3),
        ([(503, "")], "it answered 503", False, 0),
        ([(0, "it did not answer (timed_out)")], "it did not answer (timed_out)", False, 0),
    ],
)
def test_whatever_a_witness_answers_is_kept_and_named(
    answers: list[tuple[int, str]], problem: str, is_alarm: bool, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_acts(3)
    services.add_witness("http://127.0.0.1:1", KEYS["vkeys"]["own_witness"], actor=SYSTEM, now=NOW)
    given = iter(answers)
    monkeypatch.setattr(services, "post", lambda url, body: next(given))
    witness = Witness.objects.get()
    assert services.ask(witness, 5, publish(5, NOW), NOW).endswith(problem)
    witness = Witness.objects.get()
    assert (witness.problem, witness.contradicts, witness.sizes["5"]) == (problem, is_alarm, size)
    assert witness.cosigned_at is None
    assert not AuditCosignature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_signs_now_has_it_shown_to_the_witnesses_now(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Documented as what to do first by whoever needs the newest rows vouched for; their hour may be long away."""
    some_acts(3)
    first = publish(5, NOW)
    log_key = next(line for line in own_keys() if "/audit/5" in line).removeprefix("log ")
    services.watch_log(log_key, actor=SYSTEM, now=NOW)
    services.add_witness("http://testserver/witness", own_witness_key().text, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(services, "post", lambda url, body: sent(client, body))
    monkeypatch.setattr("leeward.site.start.start_on_tables", lambda: None)
    assert services.show_now(5, first, NOW) == []
    some_acts(2)
    assert cli_audit.checkpoint(chain=5) == 0
    assert (Witness.objects.get().sizes["5"], own_witness_key().name in capsys.readouterr().out) == (5, True)
    monkeypatch.setattr(witnessing_line, "post", lambda url, body: sent(client, body))
    monkeypatch.setattr(witnessing_line, "get", lambda url: (404, ""))
    assert ask_witnesses(5, None).problem == ""
    monkeypatch.setattr(services, "is_held", lambda: True)
    some_acts(1)
    assert cli_audit.checkpoint(chain=5) == 0
    assert ask_witnesses(5, None).problem == "", "the newest row waits to be shown"
    assert Witness.objects.get().sizes["5"] == 5, "a restored installation shows nothing until somebody confirms it"
    monkeypatch.setattr(services, "is_held", lambda: False)
    assert services.show_now(5, publish(5, NOW), NOW) == []
    with as_thief("audit_auditcosignature"):
        AuditCosignature.objects.filter(checkpoint__size=6).delete()
    assert ask_witnesses(5, None).problem == "", "it saw the newest, and its line never came back"
    begin_anew(5, actor=SYSTEM)
    publish(5, NOW)
    assert ask_witnesses(5, None).problem, "a line below the former name vouches for nothing under this one"


@pytest.mark.django_db(transaction=True)
def test_whoever_verifies_hears_what_each_witness_has_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way in which one can answer, with our own endpoint as the witness that shows what it signed."""
    some_acts(3)
    publish(5, NOW)
    log_key = Key.read(next(line for line in own_keys() if "/audit/5" in line).removeprefix("log "))
    services.watch_log(log_key.text, actor=SYSTEM, now=NOW)
    mine, other = own_witness_key(), Key("w.example/2", WITNESS, b"2" * 32)
    given: dict[str, tuple[int, str]] = {}
    monkeypatch.setattr(witnessing_line, "post", lambda url, body: given.get("post") or sent(client, body))

    def get(url: str) -> tuple[int, str]:
        answer = client.get(url.removeprefix("http://testserver"))
        return given.get("get") or (answer.status_code, answer.content.decode())

    monkeypatch.setattr(witnessing_line, "get", get)

    def said(policy: Policy | None = None) -> tuple[str, str]:
        answers = ask_witnesses(5, policy)
        return answers.problem, re.sub(r" at [0-9 :-]{16} UTC", "", "; ".join(one.answer for one in answers.asked))

    lacking = "0 of the 1 witnesses needed answered that they have seen nothing else"
    assert said() == ("nobody witnesses this log", "")
    alone = Policy.read(f"log {log_key.text}\nwitness {mine.text} http://testserver/witness/")
    assert said(alone) == (lacking, "has seen only 0 rows"), "it has never cosigned this log"
    services.add_witness("http://testserver/witness", mine.text, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(services, "post", lambda url, body: sent(client, body))
    assert services.ask(Witness.objects.get(), 5, publish(5, NOW), NOW) == ""
    known = Policy.read(f"log {log_key.text}\nwitness {mine.text}\nwitness {other.text}\nneed 2")
    for policy, problem in ((None, ""), (alone, ""), (known, lacking.replace("0 of the 1", "1 of the 2"))):
        assert said(policy)[0] == problem
    assert said(known)[1].endswith(
        "has seen these 3 rows and nothing else; was not asked, for its address is not known"
    )
    some_acts(2)
    publish(5, NOW)
    assert said() == ("", "signed that it has seen these 3 rows and nothing else"), "the others wait for their hour"
    assert said(alone)[0] == ""
    with monkeypatch.context() as later:
        later.setattr(asking, "time", SimpleNamespace(time=lambda: time.time() + 27 * 3600))
        assert said() == (lacking, "saw only 3 rows, and the tree here continues them"), (
            "it was not shown them for a day"
        )
    assert services.ask(Witness.objects.get(), 5, publish(5, NOW), NOW) == ""
    given["post"] = (409, "7\n")
    assert said() == (lacking, "saw only 5 rows, and the tree here continues them"), (
        "it says that it knows more, and shows what is old"
    )
    given.clear()
    with monkeypatch.context() as later:
        later.setattr(asking, "time", SimpleNamespace(time=lambda: time.time() + 1200))
        problem, answer = said()
        assert (problem, answer.startswith("gave a line of")) == (lacking, True), "it is no answer of now"
    with as_thief("audit_auditcheckpoint"):
        AuditCosignature.objects.filter(checkpoint__size=5).delete()
        AuditCheckpoint.objects.filter(size=5).delete()
    assert said() == ("", "saw 5 rows, and the tree here continues them"), (
        "a checkpoint that is lost here is no lost row"
    )
    with monkeypatch.context() as later:
        later.setattr(asking, "time", SimpleNamespace(time=lambda: time.time() + 27 * 3600))
        assert said()[0] == lacking, "what it shows is of the day before"
    until = "both agree up to row 3, as it saw"
    for answer, shown, problem, text in [
        ((422, ""), (404, ""), f"{mine.name} contradicts it", f"has seen another history of this log; {until}"),
        (
            (409, "9\n"),
            (404, ""),
            f"{mine.name} contradicts it",
            f"saw 9 rows, and there are 5; {until}",
        ),
        ((409, "2\n"), (404, ""), lacking, "has seen only 2 rows"),
        ((200, "x"), (404, ""), lacking, "gave a line that is not signed with its key"),
        ((503, ""), (404, ""), lacking, "answered 503"),
        ((0, "it did not answer (timed_out)"), (404, ""), lacking, "did not answer (timed_out)"),
    ]:
        given |= {"post": answer, "get": shown}
        assert said() == (problem, text)


@pytest.mark.django_db
def test_the_ring_two_installations_cosign_each_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here both are this one: its own endpoint is its witness."""
    some_acts(3)
    publish(5, NOW)
    log_key = next(line for line in own_keys() if "/audit/5" in line).removeprefix("log ")
    services.watch_log(log_key, actor=SYSTEM, now=NOW)
    services.add_witness("http://testserver/witness", own_witness_key().text, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(services, "post", lambda url, body: sent(client, body))
    witness = Witness.objects.get()
    assert services.ask(witness, 5, publish(5, NOW), NOW) == ""
    some_acts(2)
    assert services.ask(witness, 5, publish(5, NOW), NOW) == ""
    assert WatchedLog.objects.get().size == 5
    assert witness.sizes == {"5": 5}
    row = AuditCheckpoint.objects.order_by("-id").first()
    assert row is not None
    assert holds(row.body, note_of(row).lines[1], own_witness_key())
    assert alarms(NOW + timedelta(hours=27)) == [("witness_old", "testserver/witness")]
    begin_anew(5, actor=SYSTEM)
    assert services.ask(witness, 5, publish(5, NOW), NOW) == "testserver/witness: it answered 404"


@pytest.mark.django_db
def test_after_a_restoring_that_was_confirmed_the_tree_begins_anew_by_itself(tmp_path: Path) -> None:
    """Once, and under a name that was never used; what the signer refuses later is an alarm as ever."""

    some_acts(3)
    known = publish(5, NOW + timedelta(days=1)).row.pk  # while the clock was ahead
    signed_more(tmp_path, "testserver/audit/5", "testserver/audit/5/2")
    some_acts(1)
    later = NOW + timedelta(hours=2)
    assert "9 rows were signed before" in services.publish_all(later)[0]
    at = {"backup_at": NOW, "restored_at": NOW + timedelta(hours=1), "prepared_at": NOW}
    Restoration.objects.create(**at, checkpoint=known)
    assert services.publish_all(later) == []
    assert AuditTip.objects.get(chain=5).origin == "testserver/audit/5", "not before somebody confirms it"
    Restoration.objects.update(moved=True, confirmed_at=later)
    assert services.publish_all(later), "a hotline that moved here has a name of its own"
    Restoration.objects.update(moved=False)
    assert services.publish_all(later) == []
    assert AuditTip.objects.get(chain=5).origin == "testserver/audit/5/3"
    assert AuditCheckpoint.objects.filter(chain=5, pk__gt=known).count() == 1
    assert verdict(5).fault is None
    signed_more(tmp_path, "testserver/audit/5/3")
    some_acts(1)
    assert "9 rows were signed before" in services.publish_all(NOW + timedelta(hours=4))[0]


def signed_more(folder: Path, *names: str) -> None:
    """Let the signer have signed nine rows under these names."""
    state = folder / "signer" / "state.json"
    known = json.loads(state.read_bytes())
    known["log"] |= {name: [9, "A" * 43 + "="] for name in names}
    state.write_text(json.dumps(known))


def log_alarms(now: datetime) -> list[str]:
    return [one.text for one in current_alarms(now) if one.code == "log_anew"]


@pytest.mark.django_db
def test_a_tree_that_begins_anew_is_an_alarm_with_what_the_signer_knows(tmp_path: Path) -> None:
    """Whoever can write into the database could enter a restoring there."""
    now = datetime.now(UTC)
    some_acts(3)
    known = publish(5, now).row.pk
    signed_more(tmp_path, "testserver/audit/5")
    some_acts(1)
    Restoration.objects.create(backup_at=now, restored_at=now, prepared_at=now, confirmed_at=now, checkpoint=known)
    assert log_alarms(now) == []
    assert services.publish_all(now) == []
    row = AuditRow.objects.get(chain=5, event="log.began_anew")
    assert {"signer_size": "9", "signer_root": "A" * 43 + "="}.items() <= json.loads(row.facts).items()
    assert log_alarms(now) == [
        f"The log testserver/audit/5/2 goes on under another name since {now:%Y-%m-%d %H:%M} (UTC)."
    ]
    assert log_alarms(now + timedelta(days=6)) != []
    assert log_alarms(now + timedelta(days=8)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-8, 8])
def test_a_tree_begins_anew_by_itself_within_a_week_only(tmp_path: Path, days: int) -> None:
    some_acts(3)
    known = publish(5, NOW).row.pk
    signed_more(tmp_path, "testserver/audit/5")
    Restoration.objects.create(backup_at=NOW, restored_at=NOW, prepared_at=NOW, confirmed_at=NOW, checkpoint=known)
    some_acts(1)
    assert "9 rows were signed before" in services.publish_all(NOW + timedelta(days=days))[0]


@pytest.mark.django_db
def test_a_good_answer_about_one_log_hides_no_alarm_about_another(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ring once more: the witness has seen more of hotline 5 than there is, and cosigns hotline 6."""
    some_acts(3)
    with hotline_transaction(6):
        record("case.opened", actor=SYSTEM, hotline_id=6, subject="case:1")
    services.add_witness("http://testserver/witness", own_witness_key().text, actor=SYSTEM, now=NOW)
    witness = Witness.objects.get()
    monkeypatch.setattr(services, "post", lambda url, body: (409, "9\n"))
    services.ask(witness, 5, publish(5, NOW), NOW)
    services.watch_log(publish(6, NOW).row.vkey, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(services, "post", lambda url, body: sent(client, body))
    assert services.ask(witness, 6, publish(6, NOW), NOW) == ""
    assert alarms(NOW) == [("log_contradicted", "testserver/witness")]
    assert next(line for line in everything() if line.kind == "witness").problem.startswith("it has seen 9 rows")
    services.watch_log(publish(5, NOW).row.vkey, actor=SYSTEM, now=NOW)
    assert services.ask(witness, 5, publish(5, NOW), NOW) == ""
    assert alarms(NOW) == []


@pytest.mark.django_db
def test_a_witness_that_leaves_one_log_out_is_an_alarm_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows only one of the two: of the other it answers 404 for ever."""
    some_acts(3)
    with hotline_transaction(6):
        record("case.opened", actor=SYSTEM, hotline_id=6, subject="case:1")
    now = datetime.now(UTC)
    services.add_witness(
        "http://testserver/witness", own_witness_key().text, actor=SYSTEM, now=now - timedelta(hours=30)
    )
    services.watch_log(publish(6, now).row.vkey, actor=SYSTEM, now=now)
    monkeypatch.setattr(services, "post", lambda url, body: sent(client, body))
    witness = Witness.objects.get()
    assert services.ask(witness, 6, publish(6, now), now) == ""
    assert alarms(now) == []
    assert services.ask(witness, 5, publish(5, now), now).endswith("it answered 404")
    assert alarms(now) == [("witness_old", "testserver/witness")]
    services.watch_log(publish(5, now).row.vkey, actor=SYSTEM, now=now)
    assert services.ask(witness, 5, publish(5, now), now) == ""
    monkeypatch.setattr(services, "post", lambda url, body: (503, ""))
    services.ask(witness, 5, publish(5, now), now)
    assert alarms(now) == [], "it cosigned a moment ago"


HOURS = 3600


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ([2**64 - 1], None),
        ([2**62], None),
        ([10 * HOURS], None),
        ([-27 * HOURS], None),
        ([-2, -1, 0, 2**63, -30 * HOURS], 0),
    ],
)
def test_a_witness_whose_clock_is_wrong_can_neither_stop_the_log_nor_fill_it(
    times: list[int], kept: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of the next century would count as fresh for ever, and one of 64 bits doesn't fit into the database."""
    some_acts(3)
    private, clock = Ed25519PrivateKey.generate(), int(time.time())
    key = Key("w.example/1", WITNESS, private.public_key().public_bytes_raw())
    published = publish(5, NOW)
    services.add_witness("http://127.0.0.1:1", key.text, actor=SYSTEM, now=NOW)
    moments = [at if at > 2**60 else clock + at for at in times]
    text = "".join(cosigned(published.checkpoint, key, at, private.sign).text for at in moments)
    monkeypatch.setattr(services, "post", lambda url, body: (200, text))
    answer = services.ask(Witness.objects.get(), 5, published, NOW)
    stored = list(AuditCosignature.objects.values_list("seen_at", flat=True))
    assert stored == ([] if kept is None else [clock + kept])
    assert answer == ("w.example/1: the time in its line is wrong" if kept is None else "")
    assert (Witness.objects.get().cosigned_at is None) == (kept is None)


@pytest.mark.django_db
def test_all_logs_are_signed_before_a_slow_witness_is_asked_and_it_gets_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some_acts(1)
    with hotline_transaction(6):
        record("case.opened", actor=SYSTEM, hotline_id=6, subject="case:1")
    services.add_witness("http://127.0.0.1:1", KEYS["vkeys"]["own_witness"], actor=SYSTEM, now=NOW)
    signed_then: list[int] = []
    clock = iter(range(0, 10_000, 40))
    monkeypatch.setattr(services.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(
        services, "post", lambda url, body: signed_then.append(AuditCheckpoint.objects.count()) or (0, "it is slow")
    )
    problems = services.publish_all(NOW)
    assert signed_then == [3]
    assert problems[-1].endswith("it is too slow to be asked about 2 more logs")


@pytest.mark.django_db
def test_a_slow_witness_is_asked_about_each_log_in_turn_and_what_it_leaves_out_is_an_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two logs fit into its minute; those behind them would never have been seen by it, without a word."""
    chains = (5, 6, 7, 8)
    for chain in chains:
        with hotline_transaction(chain):
            record("case.opened", actor=SYSTEM, hotline_id=chain, subject="case:1")
    now = datetime.now(UTC)
    private = Ed25519PrivateKey.generate()
    key = Key("w.example/1", WITNESS, private.public_key().public_bytes_raw())
    services.add_witness("http://127.0.0.1:1", key.text, actor=SYSTEM, now=now - timedelta(hours=30))
    clock = iter(range(0, 10_000, 25))
    monkeypatch.setattr(services.time, "monotonic", lambda: next(clock))
    asked: list[str] = []

    def answer(_url: str, body: str) -> tuple[int, str]:
        request = read_request(body)
        asked.append(request.checkpoint.origin)
        return 200, cosigned(request.checkpoint, key, int(time.time()), private.sign).text

    monkeypatch.setattr(services, "post", answer)
    monkeypatch.setattr(services, "chains_to_show", lambda _now: [0, *chains])  # an hour later each time
    for _hour in range(2):
        services.publish_all(now)
        assert alarms(now) == [("witness_old", "w.example/1")]
    services.publish_all(now)
    assert {name.rpartition("/")[2] for name in asked} == {"0", "5", "6", "7", "8"}
    assert alarms(now) == []


@pytest.mark.django_db
def test_who_cant_sign_makes_nobody_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(services, "hotline_transaction", None)
    for case in REQUESTS["cases"]:
        if case["spec"] in (403, 404):
            assert sent(client, case["request"])[0] == case["spec"]


@pytest.mark.django_db
def test_a_true_note_with_a_false_proof_accuses_nobody_for_ever(client: Client) -> None:
    """Notes are public: anybody can send one on."""
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    first, second = (case["request"] for case in REQUESTS["cases"][3:5])
    assert sent(client, first.replace("old 0\n", "old 0\n" + "A" * 43 + "=\n", 1))[0] == 422
    assert alarms(NOW) == [], "nothing was known that it could contradict"
    sent(client, first)
    assert sent(client, "old 5\n\n" + second.partition("\n\n")[2])[0] == 422
    assert [(code, what.partition(" (")[0]) for code, what in alarms(NOW)] == [("log_forked", LOG_KEY.name)]
    assert sent(client, second)[0] == 200
    assert alarms(NOW) == []


@pytest.mark.django_db
def test_evidence_can_be_got_out_and_is_not_deleted_by_the_way(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_witness, "_start", lambda: None)
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    assert cli_witness.evidence(LOG_KEY.name) == 0
    for number in (3, 4, 9):
        sent(client, REQUESTS["cases"][number]["request"])
    fork, known = REQUESTS["cases"][9]["request"], WatchedLog.objects.get().note
    capsys.readouterr()
    assert cli_witness.evidence(LOG_KEY.name, as_json=True) == 1
    kept = json.loads(capsys.readouterr().out)
    assert (kept["size"], kept["request"], kept["cosigned"]) == (13, fork, known)
    assert cli_witness.evidence(LOG_KEY.name) == 1
    assert fork in capsys.readouterr().out
    with pytest.raises(BadInput, match="there is evidence"):
        cli_witness.remove(LOG_KEY.name)
    assert Contradiction.objects.count() == 1
    assert cli_witness.remove(LOG_KEY.name, with_evidence=True) == 0
    assert everything() == []
    with pytest.raises(NotFound):
        cli_witness.evidence(LOG_KEY.name)


@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_while_a_line_is_signed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signer may be slow, or hang."""
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    really, written = cosigning.sign_as_witness, threading.Event()

    def write() -> None:
        with hotline_transaction(INSTALLATION):
            written.set()
        connection.close()

    def sign(*asked: Any) -> bytes:
        writer = threading.Thread(target=write)
        writer.start()
        assert written.wait(10), "a report would wait as long as the signer takes"
        writer.join()
        return really(*asked)

    monkeypatch.setattr(cosigning, "sign_as_witness", sign)
    assert sent(client, REQUESTS["cases"][3]["request"])[0] == 200
    assert WatchedLog.objects.get().size == 5


@pytest.mark.django_db
def test_what_is_sent_again_and_again_is_signed_once_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest note that we cosigned is public."""
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    first = REQUESTS["cases"][3]["request"]
    _, line = sent(client, first)
    really, signed = cosigning.sign_as_witness, []
    monkeypatch.setattr(cosigning, "sign_as_witness", lambda *asked: signed.append(asked) or really(*asked))
    again = "old 5\n\n" + first.partition("\n\n")[2]
    assert [sent(client, again) for _ in range(3)] == 3 * [(200, line)]
    assert signed == []
    WatchedLog.objects.update(cosigned_at=datetime.now(UTC) - cosigning.SIGNED_AGAIN_AFTER)
    assert sent(client, again)[0] == 200
    assert len(signed) == 1


@pytest.mark.django_db
def test_no_crowd_of_false_proofs_keeps_the_proof_of_two_histories_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a true note that we don't know yet can send it on with as many false proofs as they like."""
    monkeypatch.setattr(cosigning, "MOST_CONTRADICTIONS", 2)
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    first, second, fork = (REQUESTS["cases"][number]["request"] for number in (3, 4, 9))
    assert sent(client, first)[0] == 200
    for letter in "ABCD":
        false = "old 5\n" + 42 * letter + "A=\n\n" + second.partition("\n\n")[2]
        assert sent(client, false)[0] == 422
    assert Contradiction.objects.count() == 2
    Contradiction.objects.update(size=7)  # of a note that the log has gone past when it comes the next time
    assert sent(client, second)[0] == 200
    assert sent(client, fork)[0] in (409, 422)
    kept = [read_request(row.request).checkpoint for row in Contradiction.objects.filter(size=13)]
    assert read_request(fork).checkpoint in kept


@pytest.mark.django_db
def test_a_watched_log_that_falls_silent_is_an_alarm(client: Client) -> None:
    """One that was deleted whole shows no second history."""
    services.watch_log(LOG_KEY.text, actor=SYSTEM, now=datetime.now(UTC))
    assert sent(client, REQUESTS["cases"][3]["request"])[0] == 200
    assert alarms(datetime.now(UTC) + timedelta(hours=25)) == []
    later = datetime.now(UTC) + timedelta(hours=27)
    assert [code for code, _what in alarms(later)] == ["log_silent"]
    assert "log_silent" in {alarm.code for alarm in current_alarms(later)}
