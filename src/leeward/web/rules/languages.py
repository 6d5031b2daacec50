"""The language of a page, its writing direction, and what a language calls itself."""

from collections.abc import Sequence

from leeward.foundation.patterns import Pattern

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# What each language calls itself, if Django's own list lacks it or has it in lower case.
OWN_NAMES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "dv": "ދިވެހި",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fj": "Vosa Vakaviti",
    "fr": "Français",
    "hi": "हिन्दी",
    "ms": "Bahasa Melayu",
    "mt": "Malti",
    "pt": "Português",
    "si": "සිංහල",
    "sm": "Gagana Samoa",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "to": "Lea faka-Tonga",
    "tpi": "Tok Pisin",
    "tr": "Türkçe",
    "ur": "اردو",
}
_WISH = Pattern(r"^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$")


def direction(language: str) -> str:
    """Return `rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def own_name(language: str) -> str:
    """Return what a language calls itself; its tag if unknown."""
    return OWN_NAMES.get(language.partition("-")[0], language)


def wished(header: str, offered: Sequence[str], otherwise: str) -> str:
    """Return the available language that an Accept-Language header prefers; `otherwise` if it names none of them."""
    best, best_weight = otherwise, 0.0
    by_tag = {tag.lower(): tag for tag in offered}
    for wish in header[:500].split(","):
        match = _WISH.match(wish)
        if not match:
            continue
        tag = match[1].lower()
        found = by_tag.get(tag) or by_tag.get(tag.partition("-")[0])
        weight = float(match[2]) if match[2] else 1.0
        if found and weight > best_weight:
            best, best_weight = found, weight
    return best
