"""Names that people enter: removes characters that could mislead a reader, and reserves names that a portal can't have.
Pure."""

import unicodedata

# First path segments that we use or may use.
OUR_PATHS = frozenset(
    "accessibility api appeal certificate desk exchange figures health healthz hma lang law learn list log metrics "
    "notice notices page payment police privacy proof provider receipt referral report robots rota static stop "
    "talk witness".split()
)
# Needed by some scripts: ZERO WIDTH NON-JOINER and JOINER in Urdu, Persian, Hindi; the joiner in some emoji too.
_JOINERS = "\u200c\u200d"
_KEPT = frozenset(_JOINERS + "\t\r\n")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def tidy_name(text: str) -> str:
    """Return a name on one line, without control characters and bidirectional marks.

    Right-to-left scripts don't need such marks; with one, a name could make the text beside it read as something else.
    """
    normal = unicodedata.normalize("NFC", text)
    shown = (letter for letter in normal if letter in _KEPT or unicodedata.category(letter) not in _UNSEEN)
    return " ".join("".join(shown).split())


def alike(name: str) -> str:
    """Return a name as its reader takes it: two that differ in case or in how a letter is encoded alone look the same."""
    return unicodedata.normalize("NFKC", tidy_name(name)).casefold()
