"""Parse HMA requests: parameters, a JSON body, and a file that is uploaded or given by its address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from leeward.foundation.errors import LeewardError
from leeward.hashbank.hma.errors import HmaRefusal, IllTyped, PlainRefusal
from leeward.hashbank.rules.kinds import Hash, is_usable, read_hash
from leeward.hashbank.uploads.queries import form_files
from leeward.hosting.services import file_from
from leeward.matching.hashing import hash_bytes
from leeward.matching.lists import UPLOAD_LIMITS
from leeward.matching.variants import Variant

SIGNALS = {"pdq": "pdq", "md5": "md5", "video_md5": "md5", "sha1": "sha1", "sha256": "sha256"}
"""Our kind of hash for HMA's name of it."""
OF_CONTENT = {"photo": ("pdq", "md5", "sha1", "sha256"), "video": ("video_md5", "sha1", "sha256")}
"""The kinds of hash for each kind of content; as in HMA, the first is computed unless `types` says otherwise."""
MOST_BANKS = 1_000
_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})
_MOST_URL = 4_000


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file's requested hashes by HMA's names (None: too little detail), its digests, and its variants."""

    signals: Mapping[str, Hash | None]
    digests: tuple[Hash, ...]
    is_video: bool
    variants: tuple[Variant, ...] = field(default=())

    @property
    def usable(self) -> dict[str, Hash]:
        """Return the requested hashes; raises HmaRefusal where one of them is unusable."""
        found = {name: one for name, one in self.signals.items() if one is not None}
        if len(found) < len(self.signals):
            raise HmaRefusal("there is too little in this picture: its PDQ hash means nothing")
        return found


def parameter(request: HttpRequest, name: str) -> str | None:
    """Return a query parameter; raises HmaRefusal where it is given twice with different values."""
    given = request.GET.getlist(name)
    if len(set(given)) > 1:
        raise HmaRefusal(f"{name} is given more than once")
    return given[0] if given else None


def required(request: HttpRequest, name: str) -> str:
    """Return a required query parameter; raises IllTyped where it is missing."""
    value = parameter(request, name)
    if value is None:
        raise IllTyped("query", name, "missing", "Field required")
    return value


def truth(request: HttpRequest, name: str) -> bool:
    """Return a boolean query parameter, False where it is missing; raises IllTyped."""
    return truth_of(parameter(request, name) or "false", "query", name)


def truth_of(value: object, place: str, name: str) -> bool:
    """Parse a boolean as programs write it; raises IllTyped."""
    if isinstance(value, bool):
        return value
    text = str(value).lower() if isinstance(value, str | int) else ""
    if text not in _TRUE | _FALSE:
        raise IllTyped(place, name, "bool_parsing", "Input should be a valid boolean")
    return text in _TRUE


def banks_wanted(request: HttpRequest) -> frozenset[str] | None:
    """Return the banks to which a look-up is limited; None for all. Raises HmaRefusal where there are too many."""
    text = parameter(request, "banks")
    if not text:
        return None
    names = frozenset(text.split(","))
    if len(names) > MOST_BANKS:
        raise HmaRefusal(f"at most {MOST_BANKS} banks can be named at once")
    return names


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of the request body; raises HmaRefusal, PlainRefusal, IllTyped."""
    if request.content_type != "application/json":
        raise PlainRefusal("Unsupported Media Type: send application/json", 415)
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise HmaRefusal("Request input was not JSON") from error
    if not isinstance(found, dict):
        raise HmaRefusal("Request input was not a dict")
    return found


def is_keepable(value: object) -> bool:
    """Return whether a text or JSON value can be stored: it contains neither NUL nor a lone surrogate."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\0" not in text and "\\u0000" not in text


def kind_of(name: object) -> str:
    """Return our name of a kind of hash; raises HmaRefusal."""
    if not isinstance(name, str) or name not in SIGNALS:
        raise HmaRefusal(f"No such SignalType '{str(name)[:40]}'")
    return SIGNALS[name]


def signal_of(name: object, text: object) -> Hash:
    """Parse a hash as programs write it; raises HmaRefusal."""
    kind = kind_of(name)
    try:
        found = read_hash(kind, text if isinstance(text, str) else "")
    except LeewardError as error:
        raise HmaRefusal(f"invalid signal: {error.text}") from error
    if kind == "pdq" and text != found.text:
        raise HmaRefusal("invalid signal: PDQ is written in 64 lower-case hexadecimal digits")
    return found


def file_given(request: HttpRequest, *, on_behalf: str, altered: bool = False) -> Hashed:
    """Hash the uploaded file, or the file fetched from `url`. Raises HmaRefusal."""
    url = parameter(request, "url")
    content_type, data = _fetched(request, url, on_behalf) if url is not None else _posted(request)
    return hashed(data, content_type, _types(request, content_type), altered=altered)


def hashed(data: bytes, content_type: str, names: list[str], *, altered: bool = False) -> Hashed:
    """Hash a file; pictures exactly as the reference implementation does. Raises HmaRefusal."""
    wanted = ("pdq", "md5", "sha1", "sha256", *(("variants",) if altered else ()))
    only = wanted if content_type == "photo" else wanted[1:4]
    found = hash_bytes(data, only=only, exact=True, limits=UPLOAD_LIMITS, isolated=True)
    if "pdq" in names and found.pdq is None:
        raise HmaRefusal(f"the photo can't be hashed: {found.error or 'it is no picture'}")
    digests = {kind: Hash(kind, bytes.fromhex(getattr(found.digests, kind))) for kind in ("md5", "sha1", "sha256")}
    pdq = Hash("pdq", found.pdq.code, found.pdq.quality) if found.pdq else None
    detailed = pdq if pdq is not None and is_usable(pdq) else None
    signals = {name: detailed if name == "pdq" else digests[SIGNALS[name]] for name in names}
    return Hashed(signals, tuple(digests.values()), content_type == "video", found.variants)


def _posted(request: HttpRequest) -> tuple[str, bytes]:
    if request.content_type != "multipart/form-data":
        raise HmaRefusal("Missing multipart/form-data file upload")
    files = form_files(request)
    if len(files) != 1:
        raise HmaRefusal("Only one file allowed per request" if files else "Missing multipart/form-data file upload")
    name, data = files[0]
    return _content_type(name), data


def _fetched(request: HttpRequest, url: str, on_behalf: str) -> tuple[str, bytes]:
    named = parameter(request, "content_type")
    if named is not None:
        _content_type(named)
    hosts = settings.LEEWARD.hma_url_hosts
    if not hosts:
        raise HmaRefusal("this server fetches nothing: send the file with POST")
    if not url or len(url) > _MOST_URL:
        raise HmaRefusal("invalid url")
    answer = file_from(url, hosts=hosts, on_behalf=on_behalf, max_bytes=settings.LEEWARD.check_max_bytes)
    if answer.outcome == "too_large":
        raise PlainRefusal("the file is too large", 413)
    if answer.outcome != "answered" or not 200 <= answer.status < 300:
        raise HmaRefusal("the url was refused or could not be fetched")
    media = {"image": "photo", "video": "video"}.get(answer.content_type.partition("/")[0], "")
    return _content_type(named or media), answer.body


def _content_type(name: str) -> str:
    if name not in OF_CONTENT:
        raise HmaRefusal(f"no such content_type: '{name[:40]}'")
    return name


def _types(request: HttpRequest, content_type: str) -> list[str]:
    given = parameter(request, "types")
    possible = OF_CONTENT[content_type]
    if given is None:
        return list(possible[:1])
    names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    for name in names:
        if name not in possible:
            raise HmaRefusal(f"signal type '{name[:40]}' doesn't exist or is disabled")
    if not names:
        raise HmaRefusal("empty signal type selection")
    return names
