"""HMA's routes on a real socket, asked by python-threatexchange's own types of signals in the ways in which known clients ask.

It is no dependency: LEEWARD_TEST_THREATEXCHANGE names a Python that has it, else the one of the benches is used.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageDraw

from leeward.people.services.tokens import issue_token
from tests.hashbank.asking import png
from tests.hashbank.conftest import Desk
from tests.hashbank.hma_asking import ALL, open_routes
from tests.hashbank.test_threatexchange_types import PYTHON
from tests.matching.pictures import picture, saved
from tests.personas import Cast

__all__ = ["open_routes"]

PROGRAM = r"""
import json, sys
from http.client import HTTPConnection
from pathlib import Path
from threatexchange.content_type.photo import PhotoContent
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

address, key, one, near = sys.argv[1:5]
kinds = {kind.get_name(): kind for kind in (PdqSignal, VideoMD5Signal)}

def ask(method, path, body=None, kind=None, header=True):
    line = HTTPConnection(address, timeout=60)
    headers = {"Authorization": f"Bearer {key}"} if header else {}
    if kind:
        headers["Content-Type"] = kind
    line.request(method, path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    return answer.status, answer.headers["Content-Type"].partition(";")[0], text

def asked(method, path, body=None):
    status, kind, text = ask(method, path, body and json.dumps(body), body and "application/json")
    assert status in (200, 201) and kind == "application/json", (status, kind, text)
    return json.loads(text)

def form(name, data):
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + data + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"

def sent(path, name, data):
    body, kind = form(name, data)
    status, _, text = ask("POST", path, body, kind)
    assert status == 200, text
    return json.loads(text)

picture, other = Path(one), Path(near)
# every hash is one that its own type takes, and PDQ is the one that it computes itself
hashes = sent("/hma/h/hash", "photo", picture.read_bytes())
told = {name: kinds[name].validate_signal_str(text) for name, text in hashes.items()}
same = told["pdq"] == PdqSignal.hash_from_file(picture)
film = VideoMD5Signal.validate_signal_str(sent("/hma/h/hash", "video", b"a film")["video_md5"])

# Coop: the key in the path, a doubled slash, the ratio as text
status, _, text = ask("POST", f"/hma/{key}//c/banks", json.dumps({"name": "COOP_1_BANK", "enabled_ratio": "1"}), "application/json", False)
made = (status, text)
content = asked("POST", f"/hma/{key}//c/bank/COOP_1_BANK/signal", {"pdq": told["pdq"], "video_md5": film})
bank = ask("GET", f"/hma/{key}//c/bank/COOP_1_BANK", header=False)
met = {name: asked("GET", f"/hma/m/lookup?signal_type={name}&signal={text}") for name, text in told.items()}

# what its own comparison says of a near picture is what the look-up says
code = PdqSignal.hash_from_file(other)
found = asked("GET", f"/hma/m/raw_lookup?include_distance=true&signal_type=pdq&signal={code}")["matches"]
compared = asked("POST", "/hma/m/compare", {"pdq": [told["pdq"], code], "video_md5": [film, film]})
by_file = sent("/hma/m/lookup", "photo", other.read_bytes())
print(json.dumps({
    "same": same, "made": made, "content": content, "bank": bank, "met": met,
    "distance": PdqSignal.compare_hash(told["pdq"], code).distance.distance,
    "found": found, "compared": compared, "by_file": by_file, "alive": ask("GET", "/hma/status", header=False),
    "exact": asked("GET", f"/hma/m/lookup?signal_type=video_md5&signal={film}"),
    "wrong": ask("GET", "/hma/leeward_" + "x" * 43 + "//c/bank/COOP_1_BANK", header=False),
}))
"""


def written_on(seed: int) -> bytes:
    """The picture with something small over it."""
    made = picture(320, 240, seed)
    ImageDraw.Draw(made).rectangle((10, 10, 30, 22), fill=(200, 200, 200))
    return saved(made, "PNG").getvalue()


@pytest.mark.skipif(
    not PYTHON.exists(), reason="no Python with threatexchange: name one in LEEWARD_TEST_THREATEXCHANGE"
)
def test_its_types_and_the_ways_of_known_clients(
    live_server: Any, cast: Cast, bank: Desk, open_routes: Any, tmp_path: Path
) -> None:
    open_routes()
    key = issue_token(name="Coop", scopes=ALL, actor=cast["adam"].actor)
    for name, data in (("one.png", png(3)), ("near.png", written_on(3))):
        (tmp_path / name).write_bytes(data)
    address = live_server.url.removeprefix("http://")
    command = [PYTHON, "-c", PROGRAM, address, key, tmp_path / "one.png", tmp_path / "near.png"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    number, distance = told["content"]["id"], told["distance"]
    assert told["same"] is True
    assert told["made"] == [201, '{"matching_enabled_ratio": 1.0, "name": "COOP_1_BANK"}'], (
        "a ratio is never a whole number"
    )
    assert told["bank"][:2] == [200, "application/json"]
    assert told["met"] == {"pdq": {"COOP_1_BANK": [{"bank_content_id": number, "distance": "0", "advice": "review"}]}}
    assert told["exact"] == {"COOP_1_BANK": [{"bank_content_id": number, "distance": "0", "advice": "review"}]}, (
        "a distance that is a number"
    )
    assert 0 < distance <= 31
    assert told["found"] == [{"bank_content_id": number, "distance": str(distance), "advice": "review"}]
    assert told["by_file"] == {"pdq": {"COOP_1_BANK": told["found"]}}
    assert told["compared"] == {"pdq": [True, {"distance": distance}], "video_md5": [True, {}]}
    assert told["alive"] == [200, "text/html", "I-AM-ALIVE"]
    assert told["wrong"][:2] == [401, "text/plain"]
