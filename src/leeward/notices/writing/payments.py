"""What the text of an alert to a payment firm says, from plain values: what is paid to, and never where it was seen."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from leeward.notices.rules.payments import PaymentBrief
from leeward.payments.labels import kind_word
from leeward.people.queries import HotlineRow


def payment_values(
    brief: PaymentBrief, *, hotline: HotlineRow, link: str, mark: str, due_at: datetime | None, is_withdrawal: bool
) -> dict[str, Any]:
    """Return what the template prints, in the active language; `due_at` is by when an answer is asked for."""
    return {
        "brief": brief,
        "kind": payee_words(brief),
        "asked": ", ".join(f"{amount} {currency}" for amount, currency in brief.asked),
        "names": ", ".join(brief.names),
        "countries": ", ".join(brief.countries),
        "first": f"{brief.first_at:%Y-%m-%d}",
        "last": f"{brief.last_at:%Y-%m-%d}",
        "due": f"{due_at:%Y-%m-%d %H:%M} UTC" if due_at else "",
        "hotline": hotline.name,
        "email": hotline.email,
        "link": link,
        "mark": mark,
        "is_withdrawal": is_withdrawal,
    }


def payment_subject(brief: PaymentBrief, *, is_withdrawal: bool) -> str:
    """Return the subject, in the active language."""
    kind = payee_words(brief)
    if is_withdrawal:
        return gettext("Withdrawn: %(reference)s") % {"reference": kind}
    return gettext("Payments for child sexual abuse material: %(kind)s") % {"kind": kind}


def payee_words(brief: PaymentBrief) -> str:
    """Return what kind of payee it is, and who runs it where the kind doesn't say that."""
    kind = str(kind_word(brief.kind))
    return f"{kind}, {brief.brand}" if brief.brand and brief.brand != brief.value else kind
