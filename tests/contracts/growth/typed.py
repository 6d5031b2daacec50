"""What people type into forms, and the addresses among it."""

from django.http import QueryDict

from leeward.blocklist.rules.expressions import candidates
from leeward.blocklist.rules.lookup import comparable_of
from leeward.casework.queue.rules.cells import cell
from leeward.hosting.rules.address import recognise
from leeward.hosting.rules.urls import canonical_url
from leeward.intake.rules import typed
from leeward.intake.rules.draft import problems_of, read_draft
from leeward.intake.rules.receipt import read_receipt
from leeward.intake.rules.where import read_pieces, without
from leeward.notices.rules import plain_text
from leeward.web.rules.languages import wished
from tests.contracts.growth import Reader
from tests.contracts.growth.shapes import TEXT, hostile

WHERE = typed.MOST_WHERE_CHARACTERS
LINKS = hostile("ed2k://|file|") | hostile("magnet:?xt=") | hostile("news:") | hostile("@a")
ADDRESSES = hostile("http://a.example/") | hostile("http://", ".example/") | hostile("http://a.example/?", "#")


def read_form(text: str) -> object:
    """The whole public form with the text in every field."""
    fields = QueryDict(mutable=True)
    for name in ("kind", "where", "password", "referrer", "words", "mail", "changing", "changed", "named", "service"):
        fields[name] = text
    draft = read_draft(fields)
    return problems_of(draft)


READERS = [
    Reader("a typed line", typed.clean_line, TEXT),
    Reader("typed words", typed.clean, TEXT),
    Reader("a typed e-mail address", typed.mail_problem, TEXT | hostile("@a.", "b")),
    Reader("every field of the public form", read_form, hostile("a", "x")),
    Reader("pieces of where", lambda text: read_pieces(text, {}), TEXT | hostile("http://a.example/", "x"), WHERE),
    Reader("a piece taken away", lambda text: without(text, text[: len(text) // 2]), TEXT, WHERE),
    Reader("links of programmes", recognise, LINKS, WHERE),
    Reader("a receipt", read_receipt, TEXT),
    Reader("an address", canonical_url, TEXT | ADDRESSES),
    Reader("an address that is looked up", lambda text: candidates(comparable_of(text)), ADDRESSES),
    Reader("an answer to a notice", plain_text.clean, TEXT),
    Reader("a wish for languages", lambda text: wished(text, ("en", "fr"), "en"), TEXT),
    Reader("a cell of a table", cell, TEXT),
]
