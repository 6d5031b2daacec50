"""Undoes what people do to an address so that nobody follows it by mistake: `hxxp://name[.]example`."""

from collections import Counter

from leeward.foundation.patterns import Match, Pattern

_BRACKETED = Pattern(
    r"\s*[\[({<]\s*(\.|:|/|@|://|dot|at|punkt|point|slash|ponto|punto|nukta|titik|डॉट|ডট|ڈاٹ|arroba|arobase|barra)\s*[\])}>]\s*",
    ignore_case=True,
)
_MEANT = dict.fromkeys("dot punkt point ponto punto nukta titik डॉट ডট ڈاٹ".split(), ".") | {
    "at": "@", "arroba": "@", "arobase": "@", "slash": "/", "barra": "/",
}  # fmt: skip
_SCHEME = Pattern(r"\b(h[tx*_]{2}p(s?)|fxp(s?))(\s*:)", ignore_case=True)
_NO_COLON = Pattern(r"^(https?)//", ignore_case=True)
_PLAIN_SCHEMES = frozenset({"http", "https"})
_WRAPPED = {
    "<": ">",
    "(": ")",
    "[": "]",
    "{": "}",
    '"': '"',
    "'": "'",
    "`": "`",
    "*": "*",
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
    "`": "`",
}
# Invisible characters: control, zero-width, direction marks, the byte order mark.
_HIDDEN = dict.fromkeys(
    (
        *range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD, 0x061C,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
    )
)  # fmt: skip

GLUE_BEGINS = Pattern(
    r"^[\[({](?:\.|dot|punkt|point|ponto|punto|nukta|titik|डॉट|ডট|ڈاٹ|at|arroba|arobase|@)[\])}]", ignore_case=True
)
GLUE_ENDS = Pattern(
    r"[\[({](?:\.|dot|punkt|point|ponto|punto|nukta|titik|डॉट|ডট|ڈاٹ|at|arroba|arobase|@)[\])}]$", ignore_case=True
)


def visible(text: str) -> tuple[str, bool]:
    """Return the text without invisible characters, and whether there were any."""
    shown = text.translate(_HIDDEN)
    return shown, len(shown) < len(text)


def undone(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the intended address, and the disguises that were undone (`hxxps`, `[.]`, `[dot]`), without duplicates, in
    order."""
    forms: list[str] = []

    def plain(found: Match[str]) -> str:
        forms.append("".join(found[0].split()).lower())
        return _MEANT.get(found[1].lower(), found[1])

    def scheme(found: Match[str]) -> str:
        if found[1].lower() in _PLAIN_SCHEMES:
            return found[0]
        forms.append(found[1].lower())
        return f"{'ftp' if found[1][0] in 'fF' else f'http{found[2]}'}{found[4]}"

    meant = _NO_COLON.sub(lambda found: f"{found[1]}://", _SCHEME.sub(scheme, _BRACKETED.sub(plain, text)))
    return meant, tuple(dict.fromkeys(forms))


def unwrapped(token: str) -> str:
    """Remove what a sentence puts around an address: quotes, brackets, a full stop at the end."""
    if len(token) > _MOST_LETTERS:
        return token
    start, end, left = 0, len(token), Counter(token)
    while start < end:
        before = start, end
        while end > start and token[end - 1] in _AFTER:
            end -= 1
            left[token[end]] -= 1
        if start == end:
            break
        first, last = token[start], token[end - 1]
        if end - start > 1 and _WRAPPED.get(first) == last:
            left.subtract((first, last))
            start, end = start + 1, end - 1
        elif last in _CLOSERS and _is_odd_one(last, _CLOSERS[last], left):
            left[last] -= 1
            end -= 1
        elif first in _WRAPPED and (left[first] % 2 == 1 if _WRAPPED[first] == first else not left[_WRAPPED[first]]):
            left[first] -= 1
            start += 1
        if (start, end) == before:
            break
    return token[start:end]


def _is_odd_one(letter: str, partner: str, left: Counter[str]) -> bool:
    """Return whether one of these characters is unpaired; a quote is its own partner."""
    return left[letter] % 2 == 1 if letter == partner else left[partner] < left[letter]
