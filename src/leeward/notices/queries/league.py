"""The league of those who were told: how much they removed, and how quickly they answer."""

from leeward.notices.models import Contact
from leeward.notices.rules.league import LEAST, League, Measured, league

KINDS = ("registrar", "registry", "host", "upstream")
MOST_ROWS = 500


def league_of(kind: str) -> League:
    """Return the league of one kind of contact, of those who were told most; two queries."""
    of_kind = Contact.objects.filter(kind=kind, due__gte=1).order_by("-due", "pk")  # as the index has it
    rows = of_kind.only("name", "email", "kind", "due", "answered", "removed", "median_minutes", "verified")[:MOST_ROWS]
    left_out = Contact.objects.filter(kind=kind, due__gte=1, due__lt=LEAST).order_by()[:MOST_ROWS].count()
    return league((_measured(one) for one in rows if one.due >= LEAST), left_out=left_out)


def _measured(one: Contact) -> Measured:
    name = one.name or one.email.rpartition("@")[2]
    return Measured(name, one.kind, one.due, one.answered, one.removed, one.median_minutes, one.verified)
