"""What a page shows and links to: pictures, videos, links, and what bars the way to it. Parsed, never run. Pure."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree, html

MOST_ADDRESSES = 5000
MOST_LETTERS = 8000
_IMAGE_ENDINGS = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?)$", re.IGNORECASE)
_VIDEO_ENDINGS = re.compile(r"\.(?:mp4|m4v|webm|mov|avi|mkv|mpe?g|wmv|flv|3gp|ogv)$", re.IGNORECASE)
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]{1,8000})['\"]?\s*\)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?['\"]?([^'\"\s>][^'\">]*)", re.IGNORECASE)
_SCRIPT_HINTS = re.compile(r"enable javascript|javascript is (?:required|disabled)|activez javascript", re.IGNORECASE)
_FEW_LETTERS = 200


@dataclass(frozen=True, slots=True)
class PageParts:
    """Addresses in the order of the page, each once, whole. `barrier` is '' or a code of `BARRIERS`."""

    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    refresh: str = ""
    barrier: str = ""


@dataclass(slots=True)
class _Basket:
    base: str
    images: dict[str, None] = field(default_factory=dict)
    videos: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)

    def put(self, into: dict[str, None], address: str | None) -> None:
        """Keep an address as a whole one, if it is one that can be fetched."""
        if not address or len(address) > MOST_LETTERS or len(into) >= MOST_ADDRESSES:
            return
        try:
            whole = urljoin(self.base, address.strip())
        except ValueError:
            return
        if whole.startswith(("http://", "https://")):
            into.setdefault(whole.partition("#")[0])


BARRIERS = ("log_in", "script", "password", "referrer", "geo_blocked", "forbidden", "too_many_requests")


def parse_page(body: bytes, url: str, *, charset: str = "") -> PageParts:
    """Read a page; anything at all can come in and nothing raises."""
    try:
        parser = html.HTMLParser(encoding=charset or None, huge_tree=False, remove_comments=True, remove_pis=True)
        tree = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
        if charset:
            return parse_page(body, url)
        return PageParts()
    basket = _Basket(_base(tree, url))
    refresh = ""
    for element in tree.iter():
        if isinstance(element.tag, str):
            refresh = _take(element, basket) or refresh
    return PageParts(
        images=tuple(basket.images),
        videos=tuple(basket.videos),
        links=tuple(basket.links),
        refresh=refresh,
        barrier=_barrier(tree, basket),
    )


def _base(tree: html.HtmlElement, url: str) -> str:
    base = tree.find(".//base[@href]")
    try:
        return urljoin(url, base.get("href", "")) if base is not None else url
    except ValueError:
        return url


def _take(element: html.HtmlElement, basket: _Basket) -> str:
    """Put the addresses of one element into the basket; return where the page sends its reader by itself, or ''."""
    tag = element.tag
    if tag in ("img", "source", "input", "image", "amp-img"):
        into = basket.videos if tag == "source" and _parent(element) in ("video", "audio") else basket.images
        for name in ("src", "data-src", "data-original", "data-lazy-src", "href", "{http://www.w3.org/1999/xlink}href"):
            basket.put(into, element.get(name))
        for name in ("srcset", "data-srcset"):
            for part in (element.get(name) or "").split(",")[:50]:
                basket.put(into, part.strip().split(" ")[0])
    elif tag in ("video", "embed", "object"):
        basket.put(basket.videos, element.get("src") or element.get("data"))
        basket.put(basket.images, element.get("poster"))
    elif tag in ("a", "area"):
        _take_link(element.get("href"), basket)
    elif tag in ("iframe", "frame"):
        basket.put(basket.links, element.get("src"))
    elif tag == "meta":
        return _take_meta(element, basket)
    elif tag == "link" and "image_src" in (element.get("rel") or ""):
        basket.put(basket.images, element.get("href"))
    for match in _STYLE_URL.finditer(element.get("style") or ""):
        basket.put(basket.images, match[1])
    return ""


def _take_link(address: str | None, basket: _Basket) -> None:
    path = (address or "").partition("?")[0].partition("#")[0]
    if _IMAGE_ENDINGS.search(path):
        basket.put(basket.images, address)
    elif _VIDEO_ENDINGS.search(path):
        basket.put(basket.videos, address)
    else:
        basket.put(basket.links, address)


def _take_meta(element: html.HtmlElement, basket: _Basket) -> str:
    name = (element.get("property") or element.get("name") or "").lower()
    if name in ("og:image", "twitter:image"):
        basket.put(basket.images, element.get("content"))
    elif name in ("og:video", "og:video:url"):
        basket.put(basket.videos, element.get("content"))
    elif (element.get("http-equiv") or "").lower() == "refresh" and (
        match := _REFRESH.match(element.get("content") or "")
    ):
        try:
            target = urljoin(basket.base, match[1].strip())
        except ValueError:
            return ""
        return target if target.startswith(("http://", "https://")) else ""
    return ""


def _parent(element: html.HtmlElement) -> str:
    parent = element.getparent()
    return parent.tag if parent is not None and isinstance(parent.tag, str) else ""


def _barrier(tree: html.HtmlElement, basket: _Basket) -> str:
    """Guess why a page that answers shows nothing: a password field, or nothing without script."""
    if basket.images or basket.videos:
        return ""
    fields = tree.findall(".//input[@type='password']")
    if fields:
        names = " ".join(
            (field.get("name") or "") + (field.get("autocomplete") or "") for field in tree.findall(".//input")
        )
        return "log_in" if re.search(r"user|e?mail|log", names, re.IGNORECASE) else "password"
    if tree.find(".//script") is None:
        return ""
    for element in tree.xpath("//script|//style|//noscript"):
        if element.tag == "noscript" and _SCRIPT_HINTS.search(element.text_content() or ""):
            return "script"
        element.drop_tree()
    words = " ".join((tree.text_content() or "").split())
    return "script" if len(words) < _FEW_LETTERS and not basket.links else ""


def barrier_of_status(status: int) -> str:
    """Return why a status keeps the content from us, or ''."""
    return {
        401: "log_in",
        407: "log_in",
        402: "log_in",
        403: "forbidden",
        429: "too_many_requests",
        451: "geo_blocked",
    }.get(status, "")
