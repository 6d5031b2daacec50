"""Addresses that somebody made harmless (`hxxp://`, `[.]`), put right again. Pure."""

import re
import unicodedata

_SCHEME = re.compile(r"^\s*h(?:xx|\*\*|__|XX)p(s?)\s*(?=:|\[:)", re.IGNORECASE)
_FTP = re.compile(r"^\s*fxp(?=:)", re.IGNORECASE)
_COLON = re.compile(r"\[:\](?:\[?//\]?)?|\[://\]")
_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|punkt|point)\s?[\])}]\s?", re.IGNORECASE)
_AT = re.compile(r"\s?[\[({]\s?(?:@|at)\s?[\])}]\s?", re.IGNORECASE)
_SLASH = re.compile(r"[\[({]/[\])}]")
# Marks that change how a text looks but not what it is: direction, joiners, byte order.
_INVISIBLE = dict.fromkeys((*range(8203, 8208), *range(8234, 8239), *range(8288, 8298), 65279, 173))
_CONTROL = dict.fromkeys((*range(32), 127, *range(128, 160)))
_WIDE_DOTS = {ord("。"): ".", ord("．"): ".", ord("｡"): ".", ord("∕"): "/", ord("："): ":"}


def undo(typed: str) -> tuple[str, tuple[str, ...]]:
    """Return the text put right, and what was put right (`hxxp`, `brackets`, `invisible`, `wide`); safe to do twice."""
    done = []
    text = typed.translate(_CONTROL).strip()
    if (seen := text.translate(_INVISIBLE)) != text:
        text, done = seen, ["invisible"]
    if (narrow := text.translate(_WIDE_DOTS)) != text:
        text = narrow
        done.append("wide")
    text = unicodedata.normalize("NFC", text).strip().strip("<>\"'“”„‘’").strip()
    scheme = _FTP.sub("ftp", _SCHEME.sub(r"http\1", text))
    if scheme != text:
        text = scheme
        done.append("hxxp")
    bare = _SLASH.sub("/", _AT.sub("@", _DOT.sub(".", _COLON.sub(_colon, text))))
    if bare != text:
        text = bare
        done.append("brackets")
    return text, tuple(done)


def _colon(match: re.Match[str]) -> str:
    return "://" if "/" in match[0] else ":"
