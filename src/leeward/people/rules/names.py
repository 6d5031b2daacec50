"""Names that people give: cleaned of what could mislead a reader, and those that a portal can't have. Pure."""

import unicodedata

# First parts of an address that are ours or may become so.
OUR_PATHS = frozenset(
    "accessibility api appeal desk figures healthz hma lang law learn list log notice notices page privacy proof provider receipt"
    " referral report robots static stop".split()
)
# Letters need these: ZERO WIDTH NON-JOINER and JOINER in Urdu, Persian, Hindi; the joiner in some emoji too.
_JOINERS = frozenset("\u200c\u200d")


def tidy_name(text: str) -> str:
    """Return a name on one line, without control characters and marks that turn the reading direction around.

    Right-to-left letters need no such mark; with one, a name could make the text beside it read as something else.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if kind in ("Zl", "Zp", "Zs") or letter in "\t\r\n":
            kept.append(" ")
        elif kind not in ("Cc", "Cf", "Cs", "Co", "Cn") or letter in _JOINERS:
            kept.append(letter)
    return " ".join("".join(kept).split())
