"""Takes the configuration out of a how-to page, so that what is tested is what the page says."""

import re
from pathlib import Path

_FOLDER = Path(__file__).parents[3] / "docs" / "how-to"
_BLOCK = re.compile(r"^( *)```\w+ (\S+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> dict[str, str]:
    """Return the named blocks of a page: ```conf named.conf begins the block `named.conf`."""
    found = _BLOCK.findall((_FOLDER / page).read_text(encoding="utf-8"))
    return {name: re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, name, text in found}


def filled(text: str, values: dict[str, str]) -> str:
    """Put one's own values in the place of the page's, as the page asks; each of them must stand there."""
    for word, value in values.items():
        assert word in text, f"{word!r} does not stand in the page"
        text = text.replace(word, value)
    return text
