"""Checks of the public address, asked as a visitor asks: TLS, headers, cookies, scripts, and what must stay closed."""

import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from typing import override
from urllib.parse import urljoin, urlsplit

from leeward.people.queries import hotlines, portals_in_use
from leeward.site.deployment.seen import Here, Seen, fails, holds, unseen
from leeward.web.headers import PUBLIC

SECONDS, MOST_BYTES, MOST_PAGES, MOST_HOPS = 10.0, 300_000, 6, 3
LEAST_DAYS, LEAST_HSTS = 14, 15_552_000
_BY_HAND = "Look from another machine: curl -I, and a test of TLS such as testssl.sh."
_LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "object": "data",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one address; `ends` is when the certificate does."""

    url: str
    status: int
    headers: HTTPMessage
    body: str
    version: str
    ends: datetime | None


class NotAsked(Exception):
    """The address gave no answer; the text says why, and `is_wrong` that its certificate can't be trusted."""

    def __init__(self, why: str, *, is_wrong: bool = False) -> None:
        super().__init__(why)
        self.is_wrong = is_wrong


def ask(here: Here, path: str, *, hops: int = MOST_HOPS) -> Answer:
    """Ask the public address for a path, and follow where it leads on the same host. Raises NotAsked."""
    base = here.config.base_url
    answer = _ask_once(here, urljoin(base + "/", path))
    onward = urljoin(answer.url, answer.headers.get("Location", ""))
    if answer.status in (301, 302, 303, 307, 308) and hops and urlsplit(onward).netloc == urlsplit(base).netloc:
        return ask(here, onward, hops=hops - 1)
    return answer


def _ask_once(here: Here, url: str) -> Answer:
    parts = urlsplit(url)
    host, target = parts.hostname or "", parts.path or "/"
    try:
        if parts.scheme == "https":
            trusted = here.trusted or ssl.create_default_context()
            line: HTTPConnection = HTTPSConnection(host, parts.port or 443, timeout=SECONDS, context=trusted)
        else:
            line = HTTPConnection(host, parts.port or 80, timeout=SECONDS)
        with closing(line):
            line.connect()
            version, ends = _of_line(line)
            line.request("GET", target, headers={"User-Agent": "leeward doctor", "Accept": "text/html,*/*"})
            got = line.getresponse()
            return Answer(url, got.status, got.headers, got.read(MOST_BYTES).decode("utf-8", "replace"), version, ends)
    except ssl.SSLCertVerificationError as error:
        raise NotAsked(error.verify_message or "its certificate can’t be verified", is_wrong=True) from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotAsked(type(error).__name__) from error


def _of_line(line: HTTPConnection) -> tuple[str, datetime | None]:
    if not isinstance(line.sock, ssl.SSLSocket):
        return "", None
    until = (line.sock.getpeercert() or {}).get("notAfter")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if isinstance(until, str) else None
    return line.sock.version() or "", ends


def _not_asked(here: Here, why: NotAsked) -> Seen:
    base = here.config.base_url
    if why.is_wrong:
        return fails(
            f"The certificate of {base} is not trusted: {why}.", "Get one that browsers trust, and renew it by itself."
        )
    return unseen(f"{base} gives no answer from here ({why}).", f"{_BY_HAND} Is leeward serve running?")


def tls(here: Here) -> Iterator[Seen]:
    """The public address speaks TLS that browsers trust, and nothing older."""
    base = urlsplit(here.config.base_url)
    if base.scheme != "https":
        hint = "Put a reverse proxy with TLS in front, and set LEEWARD_BASE_URL to its https address."
        onion = (base.hostname or "").endswith(".onion")
        yield holds("An onion address is encrypted by Tor.") if onion else fails("The public address has no TLS.", hint)
        return
    try:
        answer = ask(here, "/healthz")
    except NotAsked as why:
        yield _not_asked(here, why)
        return
    days = (answer.ends - here.now).days if answer.ends else None
    if days is not None and days < LEAST_DAYS:
        yield fails(f"The certificate ends in {days} days.", "See why it isn’t renewed by itself.")
    if _takes_old(here):
        yield fails("The proxy takes TLS 1.0 or 1.1.", "In nginx: ssl_protocols TLSv1.2 TLSv1.3;")
    else:
        yield holds(f"The public address answers by {answer.version} with a certificate that is trusted.")
    yield from _without_tls(here)


def _takes_old(here: Here) -> bool:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    try:
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # that is what is asked about
            old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        _ask_once(Here(here.config, here.now, here.root, old), here.config.base_url + "/healthz")
    except (NotAsked, ssl.SSLError, ValueError):
        return False
    return True


def _without_tls(here: Here) -> Iterator[Seen]:
    base = urlsplit(here.config.base_url)
    if base.port not in (None, 443):
        return
    try:
        answer = _ask_once(here, f"http://{base.hostname}/")
    except NotAsked:
        yield holds("Nothing answers without TLS.")
        return
    if answer.status in (301, 308) and answer.headers.get("Location", "").startswith("https://"):
        yield holds("Whoever comes without TLS is led to it.")
    else:
        yield fails("Pages are given out without TLS, too.", "Redirect port 80: return 308 https://$host$request_uri;")


def headers(here: Here) -> Iterator[Seen]:
    """The headers of public pages reach visitors as Leeward set them, HSTS among them."""
    try:
        answer = ask(here, "/")
    except NotAsked as why:
        yield _not_asked(here, why)
        return
    wrong = [name for name, value in PUBLIC.items() if answer.headers.get_all(name) != [value]]
    if wrong:
        hint = "Let the proxy set and remove no header of ours (no add_header for these, no proxy_hide_header)."
        yield fails(f"Headers don’t reach visitors as they were set: {', '.join(wrong)}.", hint)
    else:
        yield holds("The headers that keep scripts, frames and referrers out reach visitors as they were set.")
    if urlsplit(here.config.base_url).scheme == "https":
        kept = _hsts_seconds(answer.headers.get("Strict-Transport-Security", ""))
        hint = "Set LEEWARD_BEHIND_PROXY and let the proxy send X-Forwarded-Proto https."
        if kept < LEAST_HSTS:
            yield fails("Browsers are not told to come by TLS only (HSTS).", hint)
        else:
            yield holds(f"Browsers are told to come by TLS only for {kept // 86400} days (HSTS).")


def _hsts_seconds(value: str) -> int:
    for part in value.split(";"):
        name, _, number = part.strip().partition("=")
        if name.lower() == "max-age" and number.strip('"').isdigit():
            return int(number.strip('"'))
    return 0


def pages(here: Here) -> Iterator[Seen]:
    """Public pages, asked as a visitor asks, set no cookie, run no script and load nothing from elsewhere."""
    asked = 0
    for path in _paths():
        try:
            answer = ask(here, path)
        except NotAsked as why:
            yield _not_asked(here, why)
            return
        asked += 1
        if answer.headers.get_all("Set-Cookie"):
            yield fails(f"{path} sets a cookie.", "The proxy adds it: switch off what counts or balances by cookies.")
        found = _Loads(urlsplit(here.config.base_url).netloc)
        found.feed(answer.body)
        if found.elsewhere:
            yield fails(f"{path} runs or loads {found.elsewhere[0]}.", "The proxy changes pages: switch that off.")
        if answer.status >= 400:
            yield unseen(
                f"{path} answers {answer.status}.", "See whether the portal is open, and what the proxy refuses."
            )
    yield holds(
        f"Looked at {asked} public pages as a visitor does: no cookie, script or foreign part but what is named here."
    )


def _paths() -> Iterator[str]:
    yield "/"
    found = [portal.slug for hotline in hotlines() for portal in portals_in_use(hotline.id)]
    for slug in found[: MOST_PAGES // 2]:
        yield from (f"/{slug}/", f"/{slug}/report")


class _Loads(HTMLParser):
    """Collects scripts and what a page loads from other hosts."""

    def __init__(self, own: str) -> None:
        super().__init__()
        self.own, self.elsewhere = own, list[str]()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        wanted = values.get(_LOADS.get(tag, "")) or (
            values.get("href") if tag == "link" and _is_loaded(values) else None
        )
        if tag == "script":
            self.elsewhere.append("a script")
        elif wanted and urlsplit(wanted).netloc not in ("", self.own):
            self.elsewhere.append(urlsplit(wanted).netloc)


def _is_loaded(values: dict[str, str | None]) -> bool:
    return bool({"stylesheet", "icon", "preload", "manifest"} & set((values.get("rel") or "").split()))


def desk_cookies(here: Here) -> Iterator[Seen]:
    """The cookies of the desk go by TLS only, to this site only, and to the desk only."""
    try:
        answer = ask(here, "/desk/")
    except NotAsked as why:
        yield _not_asked(here, why)
        return
    wrong = []
    for cookie in answer.headers.get_all("Set-Cookie") or []:
        name, parts = cookie.partition("=")[0], {part.strip().lower() for part in cookie.split(";")[1:]}
        if not {"secure", "samesite=strict"} <= parts or "path=/desk" not in parts:
            wrong.append(name)
    if wrong:
        hint = "Set LEEWARD_BASE_URL to the https address; let the proxy leave cookies alone."
        yield fails(f"A cookie of the desk is open to others: {', '.join(wrong)}.", hint)
    else:
        yield holds("The desk’s cookies go by TLS only, and to the desk only.")


def closed(here: Here) -> Iterator[Seen]:
    """Figures and states for machines are not shown to visitors."""
    for path in ("/metrics", "/health/ready"):
        try:
            status = ask(here, path).status
        except NotAsked as why:
            yield _not_asked(here, why)
            return
        if status != 404:
            hint = "Set LEEWARD_BEHIND_PROXY, and LEEWARD_METRICS_TOKEN for the monitoring."
            yield fails(f"{path} answers whoever asks ({status}).", hint)
        else:
            yield holds(f"{path} is closed to visitors.")
