"""The routes of Meta's Hasher-Matcher-Actioner (HMA): whoever runs it today changes only the address. Off unless a setting says so.

HMA knows no keys: it answers on loopback, or behind a key in the path. Errors are JSON with `message`, as there.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django_scopes import scope

from leeward.foundation.errors import LeewardError
from leeward.hashbank.police.queries import index_status
from leeward.hashbank.queries import known
from leeward.hashbank.records.rows import Known
from leeward.hashbank.rules.kinds import Hash, read_hash
from leeward.hashbank.uploads.queries import form_files
from leeward.hashbank.uploads.services.checking import count_near, subscriber_of
from leeward.matching.hashing import hash_bytes
from leeward.matching.lists import UPLOAD_LIMITS
from leeward.people.bearer import open_with
from leeward.people.queries import hotlines

SIGNALS = {"pdq": "pdq", "md5": "md5", "video_md5": "md5", "sha1": "sha1", "sha256": "sha256"}
"""HMA's name of a kind of hash -> ours."""
OF_CONTENT = {"photo": ("pdq", "md5"), "video": ("video_md5",)}
PDQ_MATCHES_BITS = 31
PER_MINUTE, BURST = 60_000.0, 3_000
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


class HmaRefusal(LeewardError):
    """What stops a request, in HMA's form."""

    code = "hma_refusal"
    sentence = "{why}"

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why=why)
        self.status = status


type View = Callable[[HttpRequest, str], dict[str, Any]]
type Answering = Callable[..., JsonResponse]


def as_hma(*methods: str) -> Callable[[View], Answering]:
    """Let a view be reached as HMA's are: by a key in the path or from loopback, in the hotline that this opens."""

    def mark(view: View) -> Answering:
        @wraps(view)
        def answering(request: HttpRequest, key: str = "") -> JsonResponse:
            try:
                hotline_id, subscriber = _asker(request, key)
                if ("GET" if request.method == "HEAD" else request.method) not in methods:
                    raise HmaRefusal("Method Not Allowed", 405)
                with scope(hotline=hotline_id):
                    return JsonResponse(view(request, subscriber))
            except LeewardError as refusal:
                return JsonResponse({"message": refusal.text}, status=refusal.status)
            except OSError:
                return JsonResponse({"message": "index not yet ready"}, status=503)

        return answering

    return mark


def _asker(request: HttpRequest, key: str) -> tuple[int, str]:
    """The hotline whose bank is asked, and which subscriber asks; raises HmaRefusal, KeyIsWrong, KeyTooNarrow, TooFast."""
    mode = settings.LEEWARD.hma
    if key and mode in ("loopback", "token"):
        row = open_with(key, ("check",), per_minute=PER_MINUTE, burst=BURST)
        return row.hotline_id, subscriber_of(row)
    if mode != "loopback" or not _is_from_here(request):
        raise HmaRefusal("Not Found", 404)
    if settings.LEEWARD.onion_hosts:  # Tor asks from this machine as well
        raise HmaRefusal("loopback is refused while an onion address is served: set LEEWARD_HMA=token", 403)
    wanted = settings.LEEWARD.hma_hotline
    found = [row.id for row in hotlines() if not wanted or row.slug == wanted]
    if len(found) != 1:
        raise HmaRefusal("set LEEWARD_HMA_HOTLINE to one hotline of this installation", 503)
    return found[0], "loopback"


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a program on this machine asks, without a proxy that asks for somebody else."""
    if settings.LEEWARD.behind_proxy or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@as_hma("GET", "POST")
def hash_file(request: HttpRequest, _subscriber: str) -> dict[str, Any]:
    """Hash one file, sent as the field `photo` or `video` of a form."""
    return {name: one.text for name, one in _posted(request).items()}


@as_hma("GET", "POST")
def lookup(request: HttpRequest, subscriber: str) -> dict[str, Any]:
    """Look up a hash (GET: `signal`, `signal_type`) or a file (POST): bank -> what matches, by kind of hash for a file."""
    if request.method == "POST":
        return {name: _by_bank(_matches(request, one, subscriber)) for name, one in _posted(request).items()}
    return _by_bank(_matches(request, _asked(request), subscriber))


@as_hma("GET")
def raw_lookup(request: HttpRequest, subscriber: str) -> dict[str, Any]:
    """Look up a hash: the numbers of what matches, with distances if wished."""
    found = _matches(request, _asked(request), subscriber)
    if _truth(request.GET.get("include_distance", "false")):
        return {"matches": [_match(row) for row in found]}
    return {"matches": [row.record_id for row in found]}


@as_hma("POST")
def compare(request: HttpRequest, _subscriber: str) -> dict[str, Any]:
    """Compare two hashes of each kind: whether they match, and how far they are apart."""
    try:
        pairs = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise HmaRefusal("Request input was not JSON") from error
    if not isinstance(pairs, dict):
        raise HmaRefusal("Request input was not a dict")
    return {name: _compared(name, pair) for name, pair in pairs.items()}


@as_hma("GET")
def status(request: HttpRequest, _subscriber: str) -> dict[str, Any]:
    """How much can be matched, by kind of hash."""
    wanted = request.GET.get("signal_type")
    if wanted is not None:
        _kind(wanted)
    names = [wanted] if wanted else ["pdq", "md5"]
    found = index_status({SIGNALS[name] for name in names})
    return {
        name: {"present": size > 0, "built_to": built_to, "size": size}
        for name in names
        for size, built_to in [found[SIGNALS[name]]]
    }


def _posted(request: HttpRequest) -> dict[str, Hash]:
    """The hashes of the file that was sent, by HMA's names; of a picture exactly as the reference computes them."""
    if request.method != "POST":
        raise HmaRefusal("this server fetches nothing: send the file with POST")
    if request.content_type != "multipart/form-data":
        raise HmaRefusal("Missing multipart/form-data file upload")
    files = form_files(request)
    if len(files) != 1:
        raise HmaRefusal("Only one file allowed per request" if files else "Missing multipart/form-data file upload")
    field, data = files[0]
    if field not in OF_CONTENT:
        raise HmaRefusal(f"no such content_type: '{field[:40]}'")
    names = _types(request, OF_CONTENT[field])
    found = hash_bytes(data, only=("pdq", "md5"), exact=True, limits=UPLOAD_LIMITS, isolated=True)
    hashes: dict[str, Hash] = {}
    for name in names:
        if SIGNALS[name] == "md5" and found.digests and found.digests.md5:
            hashes[name] = read_hash("md5", found.digests.md5)
        elif name == "pdq" and found.pdq:
            hashes[name] = Hash("pdq", found.pdq.code, found.pdq.quality)
        elif name == "pdq":
            raise HmaRefusal(f"the photo can't be hashed: {found.error or 'it is no picture'}")
    return hashes


def _types(request: HttpRequest, possible: tuple[str, ...]) -> list[str]:
    given = request.GET.get("types")
    if given is None:
        return list(possible)
    names = [name.strip() for name in given.split(",") if name.strip()]
    for name in names:
        if name not in possible:
            raise HmaRefusal(f"signal type '{name[:40]}' doesn't exist or is disabled")
    if not names:
        raise HmaRefusal("empty signal type selection")
    return names


def _asked(request: HttpRequest) -> Hash:
    if request.GET.get("url"):
        raise HmaRefusal("this server fetches nothing: send the file with POST")
    signal, name = request.GET.get("signal"), request.GET.get("signal_type")
    if not signal or not name:
        raise HmaRefusal("Either url or both signal and signal_type are required")
    return _read(name, signal)


def _read(name: str, signal: object) -> Hash:
    kind = _kind(name)
    try:
        return read_hash(kind, signal if isinstance(signal, str) else "")
    except LeewardError as error:
        raise HmaRefusal(f"invalid signal: {error.text}") from error


def _kind(name: str) -> str:
    if name not in SIGNALS:
        raise HmaRefusal(f"No such SignalType '{name[:40]}'")
    return SIGNALS[name]


def _matches(request: HttpRequest, asked: Hash, subscriber: str) -> list[Known]:
    wanted = request.GET.get("banks")
    rows = known([asked], banks=wanted.split(",") if wanted else None)
    count_near([rows], subscriber)
    return [row for row in rows if not row.is_harmless]


def _match(row: Known) -> dict[str, Any]:
    return {"bank_content_id": row.record_id, "distance": str(row.distance_bits)}


def _by_bank(rows: list[Known]) -> dict[str, Any]:
    banks: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        for name in row.banks:
            banks.setdefault(name, []).append(_match(row))
    return banks


def _compared(name: str, pair: object) -> list[Any]:
    if not isinstance(pair, list):
        raise HmaRefusal(f"Comparison hashes for {name[:40]} was not a list")
    if len(pair) != 2:
        raise HmaRefusal("Comparison hash list length must be exactly 2")
    left, right = (_read(name, one).value for one in pair)
    if name != "pdq":
        return [left == right, {}]
    distance = (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()
    return [distance <= PDQ_MATCHES_BITS, {"distance": distance}]


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "1", "false", "0"):
        raise HmaRefusal("invalid boolean parameter - prefer true/false")
    return text.lower() in ("true", "1")
