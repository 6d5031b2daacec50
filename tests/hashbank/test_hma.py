"""HMA's routes: off by default, its answers and its errors, keys and loopback."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.hashbank.asking import jpeg, key, png, put_in
from tests.hashbank.conftest import Desk, bits_off, picture_code
from tests.personas import Cast

LOOKUP = "/hma/m/lookup"


@pytest.fixture
def hma(settings, cast: Cast):
    """The routes open on loopback, for the first of the two hotlines."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"hma": "loopback", "hma_hotline": "jm"})


def photo(data: bytes, field: str = "photo") -> dict:
    return {field: SimpleUploadedFile("a.png", data, "image/png")}


def test_off_by_default(cast: Cast, bank: Desk, client: Client):
    mine = key(cast)
    for path in (LOOKUP, f"/hma/{mine}/m/lookup", "/hma/h/hash", "/hma/m/index/status", "/hma/x"):
        answer = client.get(path, {"signal": "0" * 64, "signal_type": "pdq"})
        assert answer.status_code == 503, "404 would tell a client that its banks are gone"
        assert answer["Content-Type"].startswith("text/plain")


def test_hashing_and_looking_up_a_file(cast: Cast, bank: Desk, hma, client: Client):
    record = put_in(cast, png(0))
    hashes = client.post("/hma/h/hash", photo(png(0))).json()
    assert set(hashes) == {"pdq"}, "as there: nothing that one client would look up and another not know"
    hashes = client.post("/hma/h/hash?types=pdq,md5", photo(png(0))).json()
    assert client.post("/hma/h/hash?types=pdq", photo(png(0))).json() == {"pdq": hashes["pdq"]}
    exactly = {"general": [{"bank_content_id": record, "distance": "0"}]}
    both = f"{LOOKUP}?types=pdq,%20md5"
    assert client.post(both, photo(png(0))).json() == {"pdq": exactly, "md5": exactly}
    near = client.post(both, photo(jpeg(0))).json()
    assert near["md5"] == {}
    assert near["pdq"]["general"][0]["bank_content_id"] == record
    assert client.get(LOOKUP, {"signal": hashes["pdq"], "signal_type": "pdq"}).json() == exactly
    assert client.get(LOOKUP, {"signal": hashes["md5"], "signal_type": "md5"}).json() == exactly
    assert client.get(LOOKUP, {"signal": hashes["md5"], "signal_type": "video_md5"}).json() == exactly
    assert set(client.post("/hma/h/hash", photo(b"a film", "video")).json()) == {"video_md5"}


def test_looking_up_a_hash(cast: Cast, bank: Desk, hma, client: Client):
    first = bank.add(1)
    bank.add(2, bank="second")
    signal = {"signal": bits_off(picture_code(1), 4).hex(), "signal_type": "pdq"}
    assert client.get(LOOKUP, signal).json() == {"general": [{"bank_content_id": first, "distance": "4"}]}
    assert client.get(LOOKUP, signal | {"banks": "second"}).json() == {}
    assert client.get("/hma/m/raw_lookup", signal).json() == {"matches": [first]}
    distances = client.get("/hma/m/raw_lookup", signal | {"include_distance": "true"}).json()
    assert distances == {"matches": [{"bank_content_id": first, "distance": "4"}]}
    status = client.get("/hma/m/index/status").json()
    assert status["pdq"]["present"]
    assert (status["pdq"]["size"], status["md5"]["size"]) == (2, 2)
    assert status["pdq"]["built_to"] > 1_700_000_000
    assert set(client.get("/hma/m/index/status", {"signal_type": "video_md5"}).json()) == {"video_md5"}


def test_comparing(cast: Cast, bank: Desk, hma, client: Client):
    code = picture_code(1)
    body = {"pdq": [code.hex(), bits_off(code, 9).hex()], "md5": ["0" * 32, "1" * 32]}
    answer = client.post("/hma/m/compare", body, content_type="application/json")
    assert answer.json() == {"pdq": [True, {"distance": 9}], "md5": [False, {}]}
    far = client.post(
        "/hma/m/compare", {"pdq": [code.hex(), bits_off(code, 32).hex()]}, content_type="application/json"
    )
    assert far.json() == {"pdq": [False, {"distance": 32}]}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/hma/m/lookup", "required"),
        ("/hma/m/lookup?signal=0&signal_type=pdq", "invalid signal"),
        ("/hma/m/lookup?signal=0&signal_type=nothing", "No such SignalType"),
        ("/hma/m/lookup?url=http://a.example/x.png", "fetches nothing"),
        ("/hma/m/index/status?signal_type=x", "No such SignalType"),
        ("/hma/h/hash?url=http://a.example/x.png", "fetches nothing"),
        ("/hma/m/lookup?signal=" + "0" * 32 + "&signal=" + "1" * 32 + "&signal_type=md5", "more than once"),
    ],
)
def test_errors_are_json(bank: Desk, hma, client: Client, path, message):
    answer = client.get(path)
    assert answer.status_code == 400
    assert message in answer.json()["message"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/hma/h/hash", "url"),
        ("/hma/m/raw_lookup?signal_type=pdq", "signal"),
        ("/hma/m/raw_lookup?signal=" + "0" * 64 + "&signal_type=pdq&include_distance=maybe", "include_distance"),
    ],
)
def test_what_is_missing_or_of_another_kind_is_told_as_a_list(bank: Desk, hma, client: Client, path, name):
    answer = client.get(path)
    assert answer.status_code == 422
    assert answer.json()[0]["loc"] == ["query", name]


def test_errors_of_files_and_bodies(bank: Desk, hma, client: Client):
    def why(answer) -> tuple[int, str]:
        return answer.status_code, answer.json()["message"]

    assert why(client.post("/hma/h/hash")) == (400, "Missing multipart/form-data file upload")
    assert why(client.post("/hma/h/hash", photo(png(0), "thing"))) == (400, "no such content_type: 'thing'")
    assert why(client.post("/hma/h/hash", photo(png(0)) | photo(b"x", "video")))[1].startswith("Only one file")
    assert why(client.post("/hma/h/hash", photo(b"no picture")))[0] == 400
    assert why(client.post("/hma/h/hash", photo(png(0)[:900])))[0] == 400
    assert why(client.post("/hma/h/hash?types=x", photo(png(0))))[0] == 400
    for body in (
        "{",
        "[]",
        '{"pdq": 1}',
        '{"pdq": ["0"]}',
        '{"pdq": ["0", "1"]}',
        '{"x": ["0", "1"]}',
        '{"pdq": [1, 2]}',
    ):
        assert why(client.post("/hma/m/compare", body, content_type="application/json"))[0] == 400
    wrong = client.post("/hma/m/raw_lookup")
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, HEAD, OPTIONS")
    nothing = client.get("/hma/m/nothing")
    assert (nothing.status_code, nothing["Content-Type"]) == (404, "text/html; charset=utf-8")
    form = client.post("/hma/m/compare", photo(png(0)))
    assert (form.status_code, form["Content-Type"]) == (415, "text/plain; charset=utf-8")
    assert client.head("/hma/m/index/status").status_code == 200


def test_loopback_means_a_program_on_this_machine(cast: Cast, bank: Desk, hma, client: Client, settings):
    signal = {"signal": "0" * 32, "signal_type": "md5"}
    assert client.get(LOOKUP, signal).status_code == 200
    assert client.get(LOOKUP, signal, REMOTE_ADDR="::1").status_code == 200
    assert client.get(LOOKUP, signal, REMOTE_ADDR="203.0.113.9").status_code == 401
    assert client.get(LOOKUP, signal, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 401
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"behind_proxy": True})
    assert client.get(LOOKUP, signal).status_code == 401
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"behind_proxy": False, "hma_hotline": ""})
    assert client.get(LOOKUP, signal).status_code == 503, "two hotlines, none chosen"


def test_loopback_is_refused_where_tor_could_be_what_asks(cast: Cast, bank: Desk, hma, client: Client, settings):
    signal = {"signal": "0" * 32, "signal_type": "md5"}
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"hosts": ("x.onion",)})
    answer = client.get(LOOKUP, signal)
    assert answer.status_code == 401
    assert answer.content.decode() == "loopback is refused while an onion address is served: set LEEWARD_HMA=token"
    assert client.get(f"/hma/{key(cast)}/m/lookup", signal).status_code == 200


def test_a_key_in_the_path(cast: Cast, bank: Desk, client: Client, settings):
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"hma": "token"})
    bank.add(1)
    signal = {"signal": picture_code(1).hex(), "signal_type": "pdq"}
    assert client.get(LOOKUP, signal).status_code == 401
    mine, theirs = key(cast), key(cast, who="dora")
    assert client.get(f"/hma/{mine}/m/lookup", signal, REMOTE_ADDR="203.0.113.9").json()["general"]
    assert client.get(f"/hma/{theirs}/m/lookup", signal).json() == {}
    assert client.get("/hma/leeward_wrong/m/lookup", signal).status_code == 401
    narrow = client.get(f"/hma/{key(cast, 'subscriber')}/m/lookup", signal)
    assert (narrow.status_code, narrow["Content-Type"]) == (401, "text/plain; charset=utf-8")
    in_header = client.get(LOOKUP, signal, HTTP_AUTHORIZATION=f"Bearer {mine}")
    assert in_header.json()["general"]


def test_too_large(bank: Desk, hma, client: Client):
    answer = client.post("/hma/h/hash", bytes(25_200_000), content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content
