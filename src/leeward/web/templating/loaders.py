"""Loads templates without their indentation, which helps readers of the source but would only make pages larger."""

import re
from pathlib import Path

from django.template.base import Origin
from django.template.loaders.app_directories import Loader

PACKAGE = Path(__file__).parents[2]
# Elements in which a browser shows every space: fields, preformatted text, and messages as they were sent.
KEPT = re.compile(
    r'(<(?:pre|textarea)\b.*?</(?:pre|textarea)>|<(?:div|p)\b[^>]*class="message[" ].*?</(?:div|p)>)', re.DOTALL
)


# White space at the edge of a block is never shown.
BLOCKS = (
    "html|head|title|body|main|nav|header|footer|section|article|div|p|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|caption|form"
    "|fieldset|legend|h1|h2|h3|details|summary|figure|figcaption|option|meta|link|rect|path|text|circle"
)
BEFORE_BLOCK = re.compile(rf"\n *(?=</?(?:{BLOCKS})\b)")
AFTER_BLOCK = re.compile(rf"(</?(?:{BLOCKS})(?: [^<>{{}}]*)?>)\n *")


def without_indentation(source: str) -> str:
    """Return the same page without indentation; {% blocktranslate %} must be trimmed (a contract test checks it)."""
    before, doctype, page = source.partition("<!DOCTYPE")
    source = before.replace("\n", "") + doctype + page if doctype else source
    return "".join(piece if KEPT.fullmatch(piece) else _lean(piece) for piece in KEPT.split(source))


def _lean(piece: str) -> str:
    return re.sub(r"[ \t]*\n[ \t\n]*", " ", AFTER_BLOCK.sub(r"\1", BEFORE_BLOCK.sub("", piece)))


class LeanLoader(Loader):
    """Finds templates in each app, and removes the indentation from our own pages."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        path = Path(origin.name)
        return without_indentation(source) if path.suffix == ".html" and path.is_relative_to(PACKAGE) else source
