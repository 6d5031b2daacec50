"""The ring: two installations, each with a data directory, a signer and an address of its own, cosign each other over HTTP."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver

from leeward.audit.tree.checkpoints import own_keys
from leeward.foundation.actor import SYSTEM
from leeward.witnessing import line as witnessing_line
from leeward.witnessing import services
from leeward.witnessing.asking import ask_witnesses
from leeward.witnessing.models import WatchedLog, Witness
from leeward.witnessing.queries import alarms
from tests.audit.test_log import NOW, some_acts
from tests.signers import signing_here
from tests.tables import give_beginnings

OTHER = """
import json, sys, threading
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server
from leeward.site.start import start
start()
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import own_keys
from leeward.foundation.actor import SYSTEM
from leeward.site.wsgi import application
from leeward.witnessing import line as witnessing_line, services
from leeward.witnessing.asking import ask_witnesses
from django.urls import get_resolver

witnessing_line.SECONDS = 120.0  # a busy machine is no fault
get_resolver().url_patterns  # what the first request would load

class Quiet(WSGIRequestHandler):
    def log_message(self, *given):
        pass

def join(log, witness, url):
    services.watch_log(log, actor=SYSTEM, now=now())
    services.add_witness(url, witness, actor=SYSTEM, now=now())

def act(subject):
    with hotline_transaction(0):
        record("test.done", actor=SYSTEM, hotline_id=None, subject=subject)

def asked():
    answers = ask_witnesses(0, None)
    return [answers.problem, *(each.answer for each in answers.asked)]

def now():
    return datetime.now(UTC)

does = {"keys": own_keys, "join": join, "act": act, "asked": asked, "publish": lambda: services.publish_all(now() + timedelta(hours=2))}
server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps(server.server_port), flush=True)
for line in sys.stdin:
    what, *given = json.loads(line)
    print(json.dumps(does[what](*given)), flush=True)
"""


class Other:
    """The other installation, which does what it is told."""

    def __init__(self, data: Path) -> None:
        own = {"LEEWARD_DATA": str(data), "LEEWARD_LOG_NAME": "b.example", "LEEWARD_BASE_URL": "http://127.0.0.1"}
        own |= {"LEEWARD_FETCH_ALLOWED_NETWORKS": "127.0.0.0/8", "LEEWARD_DATABASE_URL": ""}
        command, pipe = [sys.executable, "-c", OTHER], subprocess.PIPE
        self.process = subprocess.Popen(command, env=os.environ | own, stdin=pipe, stdout=pipe, text=True)
        self.url = f"http://127.0.0.1:{self._said()}/witness"

    def do(self, *what: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self._said()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream
            stream.close()

    def _said(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


def of_kind(kind: str, lines: list[str], ending: str = "") -> str:
    return next(line.partition(" ")[2] for line in lines if line.startswith(kind) and ending in line)


@pytest.mark.servers
def test_two_installations_cosign_each_other_and_one_that_was_put_back_is_caught(
    transactional_db: None, live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    networks = {"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=networks)
    signing_here(monkeypatch, tmp_path / "signer")
    monkeypatch.setattr(witnessing_line, "SECONDS", 120.0)  # a busy machine is no fault
    assert get_resolver().url_patterns, "loaded before the first request"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    address = f"http://127.0.0.1:{live_server.thread.port}/witness"
    some_acts(3)
    data, kept = tmp_path / "other", tmp_path / "kept"
    give_beginnings(data)
    other = Other(data)
    try:
        other.do("act", "test:1")
        ours, theirs = own_keys(), other.do("keys")
        other.do("join", of_kind("log", ours, "/audit/5"), of_kind("witness", ours), address)
        services.watch_log(of_kind("log", theirs), actor=SYSTEM, now=NOW)
        services.add_witness(other.url, of_kind("witness", theirs), actor=SYSTEM, now=NOW)
        assert other.do("publish") == []
        assert services.ask(Witness.objects.get(), 5, services.publish(5, NOW), NOW) == ""
        assert WatchedLog.objects.get().size == 3, "joining was two acts"
        assert other.do("asked")[0] == ask_witnesses(5, None).problem == ""
        shutil.copytree(data, kept)
        other.do("act", "test:2")
        assert other.do("publish") == []
        other.end()
        shutil.rmtree(data)
        kept.rename(data)  # the whole disk of yesterday: tip, checkpoints, and the signer's own mark

        other = Other(data)
        problem, answer = other.do("asked")
        assert problem == "testserver/witness contradicts it"
        assert "and there are 3; both agree up to row 3, as it saw at" in answer
        assert alarms(NOW) == [], "asking leaves nothing behind"
        other.do("act", "test:3")
        [problem] = other.do("publish")
        assert "testserver/witness: it has seen another history of this log" in problem
        [(code, what)] = alarms(NOW)
        assert (code, what.partition(" ")[0]) == ("log_forked", "b.example/audit/0")
    finally:
        other.end()
