"""Detects host names that may imitate another: several scripts in one label, or one script that looks like Latin."""

import unicodedata

import ada_url

# Letters of other scripts that most fonts draw like a Latin letter (a selection from Unicode's confusables).
_LIKE_LATIN = frozenset("аеорсухіјѕԁԛԝһӏвкмтԍҽ" + "αορνικτυχρ" + "ոսօցհյԼ")
# Scripts that one language writes together.
_TOGETHER = (
    frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK", "LATIN", "IDEOGRAPHIC"}),
    frozenset({"HANGUL", "CJK", "LATIN"}),
    frozenset({"BOPOMOFO", "CJK", "LATIN"}),
)
_A_LABEL = "xn--"


def host_note(host: str) -> str:
    """Return the code of what is suspicious about an ASCII host name ("mixed_scripts", "lookalike"), or ""."""
    if _A_LABEL not in host:
        return ""
    labels = ada_url.idna_to_unicode(host).split(".")
    if any(_is_mixed(label) for label in labels):
        return "mixed_scripts"
    return "lookalike" if any(_looks_latin(label) for label in labels) else ""


def _is_mixed(label: str) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in _TOGETHER)


def _looks_latin(label: str) -> bool:
    letters = [letter for letter in label if letter.isalpha()]
    return bool(letters) and all(letter in _LIKE_LATIN for letter in letters)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
