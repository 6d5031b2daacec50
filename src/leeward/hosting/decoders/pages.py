"""Parses a page: what it shows and links to. Nothing is executed. Runs in a child (`foundation/sandbox`)."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import ada_url
from lxml import etree, html

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.pages import MOST_ADDRESSES, MOST_BYTES, PageParts
from leeward.hosting.rules.text_print import text_print
from leeward.payments.rules.finding import find
from leeward.payments.rules.records import kept, line_of

MOST_TRIED = 4 * MOST_ADDRESSES  # of one kind: many spellings may mean the same address
MOST_LETTERS = 8000
_IMAGE_ENDINGS = Pattern(r"\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?)$", ignore_case=True)
_VIDEO_ENDINGS = Pattern(r"\.(?:mp4|m4v|webm|mov|avi|mkv|mpe?g|wmv|flv|3gp|ogv)$", ignore_case=True)
_STYLE_URL = Pattern(r"url\(\s*['\"]?([^'\")\s][^'\")]*)", ignore_case=True)
_REFRESH = Pattern(r"^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s>][^'\">]*)", ignore_case=True)
_SCRIPT_HINTS = Pattern(r"enable javascript|javascript is (?:required|disabled)|activez javascript", ignore_case=True)
_NAMES_OF_PEOPLE = ("user", "mail", "log")
_FEW_LETTERS = 200
_NAMES_A_PAYEE = ("href", "src", "value", "data-clipboard-text")
_SILENT = ("script", "style", "noscript", "template")


@dataclass(slots=True)
class _Basket:
    base: str
    images: dict[str, None] = field(default_factory=dict)
    videos: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    left_out: int = 0
    tried: Counter[int] = field(default_factory=Counter)

    def put(self, into: dict[str, None], address: str | None) -> None:
        """Add an absolute address, if it can be fetched."""
        if not address or len(address) > MOST_LETTERS:
            return
        if len(into) >= MOST_ADDRESSES or self.tried[id(into)] >= MOST_TRIED:
            self.left_out += into is not self.links
            return
        self.tried[id(into)] += 1
        whole = _joined(self.base, address)
        if whole:
            into.setdefault(whole)


def _joined(base: str, address: str) -> str:
    """Return the absolute web address, without fragment, of an address on a page, or ""."""
    try:
        url = ada_url.URL(address, base)
    except ValueError:
        return ""
    if url.protocol not in ("http:", "https:"):
        return ""
    return str(url.href).partition("#")[0]


def read_page(body: bytes, url: str, charset: str) -> dict[str, Any]:
    """Return the parts of a page as plain data; addresses contain no line ends, so lists of them are bytes with one per
    line."""
    made = asdict(parse_page(body, url, charset=charset))
    return {name: "\n".join(value).encode() if isinstance(value, tuple) else value for name, value in made.items()}


def parse_page(body: bytes, url: str, *, charset: str = "") -> PageParts:
    """Parse a page; accepts any input and never raises."""
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
    has_script, hint, words = _read_by_people(tree)
    return PageParts(
        images=tuple(basket.images),
        videos=tuple(basket.videos),
        links=tuple(basket.links),
        named=len(basket.images) + len(basket.videos) + basket.left_out,
        refresh=refresh,
        barrier=_barrier(tree, basket, is_empty=has_script and (hint or len(" ".join(words[:100])) < _FEW_LETTERS)),
        text_print=text_print(words),
        payments=_payments(tree, words),
    )


def _payments(tree: html.HtmlElement, words: list[str]) -> tuple[str, ...]:
    """Return what a page asks money for in its words, its links and the fields that one copies from."""
    beside = [
        *tree.iterfind(".//a"),
        *tree.iterfind(".//input"),
        *tree.iterfind(".//button"),
        *tree.iterfind(".//iframe"),
    ]
    named = (element.get(name) for element in beside[:MOST_ADDRESSES] for name in _NAMES_A_PAYEE)
    text = "\n".join([" ".join(words), *(value[:MOST_LETTERS] for value in named if value)])
    return tuple(line_of(one) for one in kept(find(text)))


def _base(tree: html.HtmlElement, url: str) -> str:
    base = tree.find(".//base[@href]")
    href = base.get("href", "") if base is not None else ""
    return (_joined(url, href) if 0 < len(href) <= MOST_LETTERS else "") or url


def _take(element: html.HtmlElement, basket: _Basket) -> str:
    """Add the addresses of one element; return the target of an automatic redirect, or ""."""
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
        match = _REFRESH.match((element.get("content") or "")[:MOST_LETTERS])
        return _joined(basket.base, match[1]) if match else ""
    return ""


def _parent(element: html.HtmlElement) -> str:
    parent = element.getparent()
    return parent.tag if parent is not None and isinstance(parent.tag, str) else ""


def _read_by_people(tree: html.HtmlElement) -> tuple[bool, bool, list[str]]:
    """Return the words of a page without scripts, styles and what browsers without script show; whether it has script,
    and whether it requires it."""
    has_script = False
    silent = 0
    words: list[str] = []
    unscripted: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_silent = element.tag in _SILENT
        has_script = has_script or element.tag == "script"
        if event == "start":
            silent += is_silent
            (unscripted if silent else words).append(element.text or "")
        else:
            silent -= is_silent
            (unscripted if silent else words).append(element.tail or "")
    return has_script, bool(_SCRIPT_HINTS.search(" ".join(unscripted))), " ".join(words).split()


def _barrier(tree: html.HtmlElement, basket: _Basket, *, is_empty: bool) -> str:
    """Guess why a page shows nothing although it answers: a password field, or nothing without script."""
    if basket.images or basket.videos:
        return ""
    if tree.find(".//input[@type='password']") is not None:
        names = " ".join(
            (field.get("name") or "") + (field.get("autocomplete") or "") for field in tree.findall(".//input")[:50]
        )
        return "log_in" if any(name in names.lower() for name in _NAMES_OF_PEOPLE) else "password"
    return "script" if is_empty and not basket.links else ""
