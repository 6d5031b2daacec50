"""Text in several languages, kept as `{language tag: text}`."""

from collections.abc import Mapping


def in_language(texts: Mapping[str, str], language: str, fallback: str = "en") -> str:
    """Return the text for `language`, else for its base language, else for `fallback`, else any, else ''."""
    for tag in (language, language.split("-", maxsplit=1)[0], fallback):
        if texts.get(tag):
            return texts[tag]
    return next((text for text in texts.values() if text), "")
