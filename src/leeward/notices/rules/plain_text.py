"""Extract plain text from what others send. Pure."""

import unicodedata
from html import unescape

from leeward.foundation.patterns import Pattern

# Bidirectional controls, which make a text read as something else.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST_HTML = 400_000
_GAP = Pattern(r"\n[ \t]*(?:\n[ \t]*)+")
# A comment, a tag (not ended by `>` inside quotation marks), a declaration.
_MARKUP = Pattern(r"""(?s)<!--.*?-->|<(/?)([a-zA-Z][^\s/>]*)(?:[^>"']|"[^"]*"|'[^']*')*>|<[!?][^>]*>""")
_WWW = Pattern(r"(?i)\b(www)\.")
# The address of one of our pages in a quoted message, even if a mail program broke it.
_OUR_PAGE = Pattern(r"(?i)(/(?:referral|notices?|payment|page)/)[=>\s]{0,6}[0-9]+[=>\s]{0,6}-[=>\s]{0,6}[a-z0-9=]+")
# What opens such a page, wherever it stands: programs that guard mail write the address anew, with `%2F` and `-2D`.
_PROOF = Pattern(
    r"(?i)[0-9]{1,18}[=>\s]{0,6}(?:-2d|%2d|&#45;|-)[=>\s]{0,6}[a-z2-7](?:(?:=?\r?\n[>\s]{0,6})?[a-z2-7]){25}[a-z0-9]*"
)
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})


def clean(text: str) -> str:
    """Return the text without control characters and bidirectional overrides, with single blank lines, trimmed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    unseen = {ord(letter): None for letter in set(lines) - {"\n", "\t"} if not _is_visible(letter)}
    return _GAP.sub("\n\n", lines.translate(unseen)).strip()


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"} and letter not in _TURNS


def one_line(text: str, most: int) -> str:
    """Return the text on one line, shortened."""
    return " ".join(clean(text).split())[:most]


def unlinked(text: str) -> str:
    """Return the text with every address in it broken, so that no mail program makes it a link: `http[://]host`,
    `www[.]host`."""
    return _WWW.sub(lambda found: f"{found[1]}[.]", text.replace("://", "[://]"))


def without_our_links(text: str) -> str:
    """Return the text without links to our pages for police and hosts: somebody reading an answer must not be able to
    answer for them. What opens one goes also where a program that guards mail wrote its address anew."""
    return _OUR_PAGE.sub(lambda found: f"{found[1]}…", _PROOF.sub("…", text))


def from_html(markup: str) -> str:
    """Return the text of HTML; nothing is fetched, scripts and styles are dropped."""
    parts: list[str] = []
    silent, end = "", 0
    kept = markup[:MOST_HTML]
    for found in _MARKUP.finditer(kept):
        if not silent:
            parts.append(unescape(kept[end : found.start()]))
        end = found.end()
        closes, name = found[1] == "/", (found[2] or "").lower()
        if silent:
            is_over = (closes and name == silent) or (name == "body" and silent in ("head", "title"))
            silent = "" if is_over else silent
        elif not closes and name in _SILENT:
            silent = name
        elif not closes and name in _BREAKS:
            parts.append("\n")
    if not silent:
        parts.append(unescape(kept[end:]))
    return clean("".join(parts))
