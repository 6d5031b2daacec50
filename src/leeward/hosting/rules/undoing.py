"""Undoing what people do to an address so that nobody follows it by mistake: `hxxp://name[.]example`."""

import re

_BRACKETED = re.compile(r"\s*[\[({<]\s*(\.|:|/|@|://|dot|at|punkt|point|slash)\s*[\])}>]\s*", re.IGNORECASE)
_MEANT = {"dot": ".", "punkt": ".", "point": ".", "at": "@", "slash": "/"}
_SCHEME = re.compile(r"\b(h[tx*_]{2}p(s?)|fxp(s?))(?=\s*:)", re.IGNORECASE)
_PLAIN_SCHEMES = frozenset({"http", "https"})
_WRAPPED = {
    "<": ">",
    "(": ")",
    "[": "]",
    "{": "}",
    '"': '"',
    "'": "'",
    "`": "`",
    "«": "»",
    "“": "”",
    "‘": "’",
    "„": "“",
}
_MOST_LETTERS = 10_000
_AFTER = ".,;:!?…"
_CLOSERS = {
    ")": "(",
    "]": "[",
    "}": "{",
    ">": "<",
    '"': '"',
    "'": "'",
    "»": "«",
    "”": "“",
    "’": "‘",
    "*": "*",
    "`": "`",
}
# Letters that can't be seen: control, zero-width, direction marks, the byte order mark.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

GLUE_BEGINS = re.compile(r"^[\[({](?:\.|dot|punkt|point)[\])}]", re.IGNORECASE)
GLUE_ENDS = re.compile(r"[\[({](?:\.|dot|punkt|point)[\])}]$", re.IGNORECASE)


def visible(text: str) -> tuple[str, bool]:
    """Leave out letters that can't be seen; say whether there were any."""
    shown, count = _HIDDEN.subn("", text)
    return shown, count > 0


def undone(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the address meant, and the forms that were undone (`hxxps`, `[.]`, `[dot]`), each once, in order."""
    forms: list[str] = []

    def plain(found: re.Match[str]) -> str:
        forms.append("".join(found[0].split()).lower())
        return _MEANT.get(found[1].lower(), found[1])

    def scheme(found: re.Match[str]) -> str:
        if found[1].lower() in _PLAIN_SCHEMES:
            return found[1]
        forms.append(found[1].lower())
        return "ftp" if found[1][0] in "fF" else f"http{found[2]}"

    meant = _SCHEME.sub(scheme, _BRACKETED.sub(plain, text))
    return meant, tuple(dict.fromkeys(forms))


def unwrapped(token: str) -> str:
    """Take away what a sentence puts around an address: quotes, brackets, a full stop at the end."""
    while token and len(token) <= _MOST_LETTERS:
        shorter = token.rstrip(_AFTER)
        if len(shorter) > 1 and _WRAPPED.get(shorter[0]) == shorter[-1]:
            shorter = shorter[1:-1]
        elif (
            shorter
            and shorter[-1] in _CLOSERS
            and shorter.count(_CLOSERS[shorter[-1]]) < max(1, shorter.count(shorter[-1]))
        ):
            shorter = shorter[:-1]
        elif shorter and shorter[0] in _WRAPPED and _WRAPPED[shorter[0]] not in shorter:
            shorter = shorter[1:]
        if shorter == token:
            break
        token = shorter
    return token
