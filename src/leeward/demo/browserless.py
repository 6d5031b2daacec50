"""A visitor without a browser: opens pages, follows links, fills and sends forms, as a person without script does."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import lxml.html
from lxml.html import HtmlElement

from leeward.demo.errors import NotOnPage
from leeward.demo.forms import Form, Submission, Upload

_SILENT = {"script", "style", "template", "head"}
_IN_LINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "code",
    "em",
    "i",
    "kbd",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
}


class Browser:
    """One visitor with cookies of their own. `addresses` says where names are that no public name server knows; `transport` is
    another way altogether."""

    def __init__(
        self,
        base_url: str = "",
        *,
        addresses: Mapping[str, str] | None = None,
        language: str = "en",
        timeout_seconds: float = 10,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._base_url = base_url
        self._client = httpx2.Client(
            transport=transport or _Known(addresses or {}),
            headers={
                "accept": "text/html,*/*;q=0.5",
                "accept-language": language,
                "user-agent": "leeward-demonstration",
            },
            follow_redirects=True,
            timeout=timeout_seconds,
        )

    def open(self, address: str, *, coming_from: "Page | None" = None) -> "Page":
        """Open an address (relative ones from the base address) and return the page at the end of its redirects."""
        target = urljoin(self._base_url, address)
        return Page(self, self._client.get(target, headers=_whence(coming_from, target, "GET")))

    def send(self, submission: Submission, *, coming_from: "Page") -> "Page":
        """Send a filled form and return the page at the end of its redirects."""
        headers = _whence(coming_from, submission.address, submission.method)
        if submission.method != "POST":
            query = urlencode([(name, value) for name, value in submission.pairs if isinstance(value, str)])
            address = urlsplit(submission.address)._replace(query=query, fragment="").geturl()
            return Page(self, self._client.get(address, headers=headers))
        if submission.multipart:
            files = [(name, _part(value)) for name, value in submission.pairs]
            return Page(self, self._client.post(submission.address, files=files, headers=headers))
        body = urlencode([(name, value if isinstance(value, str) else value.name) for name, value in submission.pairs])
        headers["content-type"] = "application/x-www-form-urlencoded"
        return Page(self, self._client.post(submission.address, content=body.encode(), headers=headers))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that this visitor has been given."""
        return {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Page:
    """A page that was returned; looking for something that is not on it raises NotOnPage."""

    def __init__(self, browser: Browser, response: httpx2.Response) -> None:
        self._browser = browser
        self.address = str(response.url)
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.body = response.content
        self.redirects = [str(earlier.url) for earlier in response.history]

    @property
    def is_good(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    @cached_property
    def tree(self) -> HtmlElement:
        """The parsed page, for what the other methods don't offer."""
        parser = lxml.html.HTMLParser(encoding="utf-8")
        return lxml.html.document_fromstring(self.body.strip() or b"<html></html>", parser=parser)

    @cached_property
    def text(self) -> str:
        """The text of the page in reading order, with single spaces."""
        return " ".join("".join(_words(self.tree)).split())

    @property
    def title(self) -> str:
        """The first main heading, or else the title of the page."""
        found = self.tree.xpath("//h1") or self.tree.xpath("//title")
        return " ".join(found[0].text_content().split()) if found else ""

    def shows(self, text: str) -> bool:
        """Whether the words are on the page."""
        return text in self.text

    def texts(self, xpath: str) -> list[str]:
        """Return the text of every element that an XPath finds, or the values it finds."""
        found = self.tree.xpath(xpath)
        return [" ".join(str(one if isinstance(one, str) else one.text_content()).split()) for one in found]

    @property
    def links(self) -> list[tuple[str, str]]:
        """The text and absolute address of every link."""
        every = self.tree.xpath("//a[@href]")
        return [(" ".join(one.text_content().split()), urljoin(self.address, one.get("href"))) for one in every]

    def link(self, wanted: str) -> str:
        """The address of the first link with these words, or else whose address holds them."""
        links = self.links
        for text, address in links:
            if text == wanted:
                return address
        for text, address in links:
            if wanted in text or wanted in address:
                return address
        raise NotOnPage(what=f"link {wanted}", address=self.address)

    def follow(self, wanted: str) -> "Page":
        """Follow a link, found as `link` finds it."""
        return self._browser.open(self.link(wanted), coming_from=self)

    @property
    def forms(self) -> list[Form["Page"]]:
        """The forms on the page in their initial state."""
        return [
            Form(element, self.address, lambda submission: self._browser.send(submission, coming_from=self))
            for element in self.tree.xpath("//form")
        ]

    def form(self, *, having: str = "", action: str = "") -> Form["Page"]:
        """The first form that has a field or button of this name (a button also by `name=value`) and whose address holds this text."""
        for form in self.forms:
            if (not having or form.has(having)) and action in form.action:
                return form
        what = "form" + (f" with {having}" if having else "") + (f" that goes to {action}" if action else "")
        raise NotOnPage(f"The page, status {self.status}, is titled “{self.title}”.", what=what, address=self.address)


class _Known(httpx2.BaseTransport):
    """Connects to known addresses instead of asking a name server; the Host header stays."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = dict(addresses)
        self._inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        address = self._addresses.get(request.url.host)
        if address is not None:
            request = httpx2.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def _part(value: str | Upload) -> tuple[str | None, bytes] | tuple[str, bytes, str]:
    if isinstance(value, Upload):
        return value.name, value.body, value.content_type
    return None, value.encode()


def _whence(page: Page | None, target: str, method: str) -> dict[str, str]:
    """The Referer and Origin that a browser sends on its way from a page to a target, under the page's policy."""
    if page is None:
        return {}
    policy = page.headers.get("referrer-policy", "").split(",")[-1].strip().lower()
    origin, is_same = _origin_of(page.address), _origin_of(page.address) == _origin_of(target)
    is_silent = policy == "no-referrer" or (policy == "same-origin" and not is_same)
    headers = {} if is_silent else {"referer": page.address.partition("#")[0] if is_same else f"{origin}/"}
    if method == "POST":
        headers["origin"] = "null" if is_silent else origin
    return headers


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _words(element: HtmlElement) -> Iterator[str]:
    """The text below an element, without what a browser would not show; only words in one line stay joined."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    gap = "" if element.tag in _IN_LINE else " "
    yield gap + (element.text or "")
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield gap
