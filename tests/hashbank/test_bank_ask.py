"""`leeward bank ask|triage|overlaps` against a real server; the order of a sorted seizure; a bank that is busy or silent."""

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from leeward.cli.main import run
from leeward.foundation.errors import BadInput
from leeward.hashbank.police.client import BankOverHttp, BankSilent
from leeward.hashbank.police.services import ask
from leeward.hashbank.police.triage import triage
from leeward.hashbank.queries import known_many
from leeward.hashbank.rules.police import Asker
from tests.hashbank.asking import jpeg, key, png, put_in
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code
from tests.personas import Cast

CASE = Asker("Harbour Police", "HP 7")


def md5(name: str) -> str:
    return file_hashes(name)[0].text


@pytest.fixture
def told(cast: Cast, bank: Desk):
    return lambda rows: [one.as_dict() for one in ask(rows, asker=CASE, actor=cast["pia"].actor).answers]


def sorted_rows(rows, told) -> list[dict]:
    out = io.StringIO()
    triage(rows, told, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_to_look_at_first_comes_first(cast: Cast, bank: Desk, told):
    bank.add(1)
    bank.add(2, bank="look-alikes")
    series, other = picture_code(50), picture_code(60)
    chain = bits_off(picture_code(1), 40)
    rows = [
        {"path": "alone", "pdq": picture_code(70).hex()},
        {"path": "harmless", "md5": md5("picture 2")},
        *({"path": f"series {bits}", "pdq": bits_off(series, bits).hex()} for bits in (0, 3, 9)),
        {"path": "bad", "unreadable": "it is no hash"},
        {"path": "near", "pdq": bits_off(picture_code(1), 20).hex()},
        {"path": "worse", "md5": "x"},
        {"path": "of its series", "pdq": chain.hex()},
        {"path": "known", "md5": md5("picture 1")},
        *({"path": f"pair {bits}", "pdq": bits_off(other, bits).hex()} for bits in (0, 0)),
        {"path": "caf\udce9", "unreadable": "its name is no text"},
    ]
    found = sorted_rows(rows, told)
    assert [row["path"] for row in found] == [
        "known",
        "near",
        "of its series",
        "series 0",
        "series 3",
        "series 9",
        "pair 0",
        "pair 0",
        "alone",
        "harmless",
        "bad",
        "worse",
        "caf\udce9",
    ]
    assert [row["section"] for row in found] == ["known", "near"] + ["unknown"] * 7 + ["harmless"] + ["unreadable"] * 3
    assert found[1]["group"] == found[2]["group"]
    assert found[2]["group_has_known"]
    assert {row["group_size"] for row in found[3:6]} == {3}
    assert "group" not in found[8]
    assert found[0]["classification"] == "UK C"


def test_a_seizure_of_many_batches_keeps_its_count(cast: Cast, bank: Desk, told):
    rows = [{"md5": f"{number:032x}"} for number in range(2500)] + [{"unreadable": "x"}]
    asked = []
    out = io.StringIO()
    counts = triage(iter(rows), lambda part: asked.append(len(part)) or told(part), out, progress=asked.append)
    assert counts == {"known": 0, "near": 0, "altered": 0, "unknown": 2500, "harmless": 0, "unreadable": 1}
    assert asked == [1000, 1000, 1000, 2000, 500, 2501]
    assert len(out.getvalue().splitlines()) == 2501


def test_nothing_at_all(bank: Desk, told):
    assert sorted_rows([], told) == []


@pytest.fixture
def server(live_server, cast: Cast):
    """A running Leeward with one known picture; its address and a key of the police."""
    from django_scopes import scope

    with scope(hotline=cast.hotline_id):
        put_in(cast, png(0))
        assert known_many([()]) == [[]]
    return live_server.url, key(cast, "police", agency="Harbour Police")


@pytest.mark.django_db(transaction=True)
def test_the_commands(server, tmp_path, capsys, monkeypatch):
    url, token = server
    monkeypatch.setenv("LEEWARD_TOKEN", token)
    for name, data in (("a.png", png(0)), ("b.jpg", jpeg(0)), ("c.png", png(5))):
        (tmp_path / name).write_bytes(data)
    files = [str(tmp_path / name) for name in ("a.png", "b.jpg", "c.png")]
    to = ["--url", url, "--reference", "HP 7"]
    assert run(["bank", "ask", *files, *to, "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["match"] for row in rows] == ["known", "near", "none"]
    assert run(["bank", "ask", files[2], str(tmp_path / "none"), *to]) == 0
    said = capsys.readouterr()
    assert "not a file" in said.err
    assert "\tnone\t" in said.out
    assert said.out.startswith("path\tmatch\tdistance\t")
    assert run(["bank", "ask", str(tmp_path / "none"), *to]) == 2
    assert run(["hash", *files, "--json"]) == 0
    (tmp_path / "seizure.jsonl").write_text(capsys.readouterr().out + "\nno hash\n", encoding="utf-8")
    out = tmp_path / "sorted.jsonl"
    assert run(["bank", "triage", str(tmp_path / "seizure.jsonl"), *to, "--out", str(out)]) == 1
    assert [json.loads(line)["section"] for line in out.read_text().splitlines()] == [
        "known",
        "near",
        "unknown",
        "unreadable",
    ]
    assert "known 1, near 1, altered 0, unknown 1, harmless 0, unreadable 1" in capsys.readouterr().err
    assert run(["bank", "overlaps", "--url", url, "--json"]) == 0
    assert run(["bank", "triage", str(tmp_path / "nothing"), *to]) == 2
    assert run(["bank", "ask", files[0], *to, "--token", "leeward_wrong"]) == 2
    assert "gives no access" in capsys.readouterr().err


def test_a_bank_that_is_busy_is_asked_again_and_no_name_travels():
    said: list[bytes] = []

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self):
            said.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if len(said) < 3 else 200)
            self.end_headers()
            self.wfile.write(b'{"answers": [{"match": "none"}]}' if len(said) == 3 else b'{"answers": []}')

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        waited: list[float] = []
        bank = BankOverHttp(f"http://127.0.0.1:{http.server_port}", "k", wait=waited.append)
        row = {"path": "/home/officer/a name.png", "md5": "0" * 32}
        assert bank.ask([row], CASE) == [{"match": "none"}]
        assert waited == [0.5, 1.0]
        assert not any(b"officer" in body for body in said)
        with pytest.raises(BankSilent, match="no answer"):
            bank.ask([row], CASE)
        http.shutdown()


def test_only_https_and_only_keys():
    for url in ("http://hotline.example", "ftp://hotline.example", "hotline.example"):
        with pytest.raises(BadInput):
            BankOverHttp(url, "k")
    with pytest.raises(BadInput):
        BankOverHttp("https://hotline.example", "")
    silent = BankOverHttp("http://127.0.0.1:9", "k", wait=lambda seconds: None)
    with pytest.raises(BankSilent):
        silent.overlaps()
