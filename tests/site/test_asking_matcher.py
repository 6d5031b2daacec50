"""A matcher that is set up and doesn't answer, or refuses its list: an alarm on the desk, and a finding of the doctor."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from leeward.matching.lists import Matcher
from leeward.site import asking_matcher
from leeward.site.asking_matcher import trouble
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from leeward.site.matcher_service import _Server, listening_socket
from tests.matching.lists import png, signer, written
from tests.nobody import nobody_s_folder


def failing() -> list[str]:
    """What the alarm about the matcher says; the doctor finds the same."""
    found = [alarm.text for alarm in current_alarms(datetime.now(UTC)) if alarm.code == "matcher_failing"]
    assert found == [one.sentence for one in findings() if one.id == "leeward.site.E071"]
    return found


@pytest.mark.django_db
def test_a_matcher_that_does_not_answer_or_refuses_its_list_is_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path = written(tmp_path / "list", [png(0)], [0]), tmp_path / "m.sock"
    assert failing() == [], "none is set up"
    update = {"matcher_list": str(folder), "matcher_socket": str(path)}
    monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update=update))
    sentence = "The service that checks uploads doesn’t answer, or refuses its list ({})."
    assert failing() == [sentence.format("no such file or directory")]
    listening = listening_socket(path)
    monkeypatch.setattr(asking_matcher, "SECONDS", 0.2)
    assert failing() == [sentence.format("timed out")], "its worker has not started, or hangs"
    monkeypatch.undo()
    monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update=update))
    server = _Server(listening, Matcher(folder, key=signer().public_key, refresh_seconds=0))
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    try:
        assert failing() == []
        written(folder, [png(1)], [0], serial=2, by=1)
        [said] = failing()
        assert "is by another key" in said, "though nobody had it check anything"
        written(folder, [png(1)], [0], serial=3)
        assert failing() == []
    finally:
        server.shutdown()
    server.server_close()
    assert failing() == [sentence.format("connection refused")]


def test_a_matcher_that_only_others_may_ask_is_not_ours_to_watch() -> None:
    with nobody_s_folder() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = folder / "m.sock"
        listening.bind(str(path))
        path.chmod(0)
        assert trouble(str(path)) == ""


@pytest.mark.parametrize("body", [b"[1]", b"null", b"{", b"", b"7"])
def test_whoever_else_answers_there_is_an_alarm_and_no_error(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "m.sock"

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            line.recv(1000)
            line.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        assert trouble(str(path))
        thread.join()
