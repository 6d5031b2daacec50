"""All writes to shared texts: proposed on the desk and accepted by two people, or imported by whoever runs the server."""

from leeward.languages.services.proposals import (
    Accepted,
    accept_proposal,
    propose_reading,
    propose_texts,
    refuse_proposal,
)
from leeward.languages.services.texts import Brought, read_po, review_language, review_texts
from leeward.languages.texts import fitting

__all__ = [
    "Accepted",
    "Brought",
    "accept_proposal",
    "fitting",
    "propose_reading",
    "propose_texts",
    "read_po",
    "refuse_proposal",
    "review_language",
    "review_texts",
]
