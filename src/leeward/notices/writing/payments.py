"""What the text of an alert to a payment firm says, from plain values: what is paid to, and never where it was seen."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from leeward.notices.rules.payments import PaymentBrief
from leeward.payments.labels import kind_word
from leeward.people.queries import HotlineRow


def payment_values(
    brief: PaymentBrief, *, hotline: HotlineRow, link: str, mark: str, due_at: datetime | None, is_withdrawal: bool
) -> dict[str, Any]:
    """Return what the text prints, in the active language; `due_at` is by when an answer is asked for."""
    due = {"due": f"{due_at:%Y-%m-%d %H:%M} UTC"} if due_at else {}
    weak = gettext(
        "It has no check digits that could prove it: only the words beside it say what it is. Check that it is the right one before you act."
    )
    return {
        "kind": payee_words(brief),
        "payee": brief.value,
        "details": "\n".join(f"- {line}" for line in _details(brief)),
        "weak": weak if brief.weak else "",
        "deadline": gettext("We would like to have your answer by %(due)s.") % due if due else "",
        "hotline": hotline.name,
        "email": hotline.email,
        "link": link,
        "mark": mark,
        "is_withdrawal": is_withdrawal,
    }


def _details(brief: PaymentBrief) -> list[str]:
    asked = ", ".join(f"{amount} {currency}" for amount, currency in brief.asked)
    lines = [f"{gettext('asked for:')} {asked}"] if asked else []
    if brief.names:
        lines.append(f"{gettext('name on statements, or holder:')} {', '.join(brief.names)}")
    named = ngettext("named in %(number)s case", "named in %(number)s cases", brief.cases) % {"number": brief.cases}
    hosted = f", {gettext('hosted in:')} {', '.join(brief.countries)}" if brief.countries else ""
    seen = {"first": f"{brief.first_at:%Y-%m-%d}", "last": f"{brief.last_at:%Y-%m-%d}"}
    return [*lines, f"{named}{hosted}", gettext("first seen %(first)s, last seen %(last)s") % seen]


def payment_subject(brief: PaymentBrief, *, is_withdrawal: bool) -> str:
    """Return the subject, in the active language."""
    kind = payee_words(brief)
    return gettext("Withdrawn: %(reference)s") % {"reference": kind} if is_withdrawal else alert_subject(kind)


def alert_subject(kind: str) -> str:
    """Return the subject of an alert about this kind of payee, in the active language."""
    return gettext("Payments for child sexual abuse material: %(kind)s") % {"kind": kind}


def payee_words(brief: PaymentBrief) -> str:
    """Return what kind of payee it is, and who runs it where the kind doesn't say that."""
    kind = str(kind_word(brief.kind))
    return f"{kind}, {brief.brand}" if brief.brand and brief.brand != brief.value else kind
