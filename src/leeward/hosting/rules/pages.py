"""What a page shows and links to: pictures, videos, links, and what bars the way to it. Parsed, never run. Pure."""

import re
from dataclasses import dataclass, field

import ada_url
from lxml import etree, html

from leeward.hosting.rules.words_print import words_print

MOST_ADDRESSES = 5000
MOST_LETTERS = 8000
MOST_BYTES = 5_000_000  # of a page; its tree takes many times as much memory
_IMAGE_ENDINGS = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?)$", re.IGNORECASE)
_VIDEO_ENDINGS = re.compile(r"\.(?:mp4|m4v|webm|mov|avi|mkv|mpe?g|wmv|flv|3gp|ogv)$", re.IGNORECASE)
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]{1,8000})['\"]?\s*\)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s>][^'\">]*)", re.IGNORECASE)
_SCRIPT_HINTS = re.compile(r"enable javascript|javascript is (?:required|disabled)|activez javascript", re.IGNORECASE)
_GEO_HINTS = re.compile(
    rb"(?:not (?:available|accessible|permitted)|blocked|unavailable)[^.<]{0,40}(?:country|region|location|territory)",
    re.IGNORECASE,
)
_FEW_LETTERS = 200


@dataclass(frozen=True, slots=True)
class PageParts:
    """Addresses in the order of the page, each once, whole; at most 5,000 of a kind.

    `named` counts every picture and video that the page names, `barrier` is '' or a code of `BARRIERS`, `words` the print of
    the page's visible words (`words_print.py`).
    """

    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    named: int = 0
    refresh: str = ""
    barrier: str = ""
    words: str = ""


@dataclass(slots=True)
class _Basket:
    base: str
    images: dict[str, None] = field(default_factory=dict)
    videos: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    left_out: int = 0

    def put(self, into: dict[str, None], address: str | None) -> None:
        """Keep an address as a whole one, if it is one that can be fetched."""
        if not address or len(address) > MOST_LETTERS:
            return
        if len(into) >= MOST_ADDRESSES:
            self.left_out += into is not self.links
            return
        whole = _joined(self.base, address)
        if whole:
            into.setdefault(whole)


def _joined(base: str, address: str) -> str:
    """The whole web address without its fragment that an address on a page means, or ''."""
    try:
        url = ada_url.URL(address, base)
    except ValueError:
        return ""
    if url.protocol not in ("http:", "https:"):
        return ""
    return str(url.href).partition("#")[0]


BARRIERS = ("log_in", "script", "password", "referrer", "geo_blocked", "forbidden", "too_many_requests")


def parse_page(body: bytes, url: str, *, charset: str = "") -> PageParts:
    """Read a page; anything at all can come in and nothing raises."""
    try:
        parser = html.HTMLParser(encoding=charset or None, huge_tree=False, remove_comments=True, remove_pis=True)
        tree = html.document_fromstring(body[:MOST_BYTES], parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError, AssertionError):
        if charset:
            return parse_page(body, url)
        return PageParts()
    basket = _Basket(_base(tree, url))
    refresh = ""
    for element in tree.iter():
        if isinstance(element.tag, str):
            refresh = _take(element, basket) or refresh
    has_script, hint = _without_what_nobody_reads(tree)
    words = " ".join(map(str, tree.itertext())).split()
    return PageParts(
        images=tuple(basket.images),
        videos=tuple(basket.videos),
        links=tuple(basket.links),
        named=len(basket.images) + len(basket.videos) + basket.left_out,
        refresh=refresh,
        barrier=_barrier(tree, basket, is_empty=has_script and (hint or len(" ".join(words[:100])) < _FEW_LETTERS)),
        words=words_print(words),
    )


def _base(tree: html.HtmlElement, url: str) -> str:
    base = tree.find(".//base[@href]")
    return (_joined(url, base.get("href", "")) if base is not None else "") or url


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
    elif (element.get("http-equiv") or "").lower() == "refresh":
        match = _REFRESH.match(element.get("content") or "")
        return _joined(basket.base, match[1]) if match else ""
    return ""


def _parent(element: html.HtmlElement) -> str:
    parent = element.getparent()
    return parent.tag if parent is not None and isinstance(parent.tag, str) else ""


def _without_what_nobody_reads(tree: html.HtmlElement) -> tuple[bool, bool]:
    """Take scripts, styles and words for browsers without script out of a page; say whether it has script, and asks for it."""
    has_script = hint = False
    for element in tree.xpath("//script|//style|//noscript|//template"):
        has_script = has_script or element.tag == "script"
        hint = hint or (element.tag == "noscript" and bool(_SCRIPT_HINTS.search(element.text_content() or "")))
        if element.getparent() is not None:
            element.drop_tree()
    return has_script, hint


def _barrier(tree: html.HtmlElement, basket: _Basket, *, is_empty: bool) -> str:
    """Guess why a page that answers shows nothing: a password field, or nothing without script."""
    if basket.images or basket.videos:
        return ""
    if tree.find(".//input[@type='password']") is not None:
        names = " ".join(
            (field.get("name") or "") + (field.get("autocomplete") or "") for field in tree.findall(".//input")[:50]
        )
        return "log_in" if re.search(r"user|e?mail|log", names, re.IGNORECASE) else "password"
    return "script" if is_empty and not basket.links else ""


def barrier_of_status(status: int, body: bytes = b"") -> str:
    """Return why a status keeps the content from us, or ''; a refusal that speaks of countries is a geo-block."""
    if status == 403 and _GEO_HINTS.search(body[:50_000]):
        return "geo_blocked"
    return {
        401: "password",
        402: "log_in",
        403: "forbidden",
        407: "log_in",
        429: "too_many_requests",
        451: "geo_blocked",
    }.get(status, "")
