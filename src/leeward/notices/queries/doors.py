"""Resolve a link's token to a hotline and a number, before the hotline is known."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.backup.queries import lost_alone, times_lost
from leeward.foundation.crypto.tokens import read_token
from leeward.notices.errors import LinkUnknown
from leeward.notices.models import Contact, Notice, PaymentAlert, Referral
from leeward.notices.rules.overviews import number_in, purpose


@dataclass(frozen=True, slots=True)
class Behind:
    """The subject of a link."""

    hotline_id: int
    number: int


def behind_notice_link(token: str) -> Behind | None:
    """Return the notice that a link is for, or None."""
    return _behind(Notice, "notice", token)


def behind_referral_link(token: str) -> Behind | None:
    """Return the referral that a link is for, or None."""
    return _behind(Referral, "referral", token)


def behind_payment_link(token: str) -> Behind | None:
    """Return the alert to a payment firm that a link is for, or None."""
    return _behind(PaymentAlert, "payment", token)


def behind_overview_link(token: str) -> Behind | None:
    """Return the contact whose page a link opens while the link is valid, or None."""
    number = number_in(token)
    found = Contact.of_every_hotline.filter(pk=number).first() if number is not None else None
    serial = found.page_serial if found else 0
    proven = read_token(settings.LEEWARD.secret_bytes, purpose(serial), token)
    if found is None or proven is None or found.retired or not found.page_is_open:
        return None
    return Behind(found.hotline_id, found.pk)


def link_unknown() -> LinkUnknown:
    """Return the error for a link that opens nothing here: where a restoring may have lost what we sent, it says between which times."""
    now = datetime.now(UTC)
    sentences = [
        _(
            "Our system failed and was restored: messages that we sent between %(since)s and %(until)s (UTC) may be unknown here, so "
            "please answer those by mail."
        )
        % {"since": f"{one.backup_at:%Y-%m-%d %H:%M}", "until": f"{one.restored_at:%Y-%m-%d %H:%M}"}
        for one in (*times_lost(now), *lost_alone(now))
        if not one.moved
    ]
    return LinkUnknown(" ".join([str(LinkUnknown.hint), *sentences]))


def _behind(model: type[Notice] | type[PaymentAlert] | type[Referral], purpose: str, token: str) -> Behind | None:
    number = read_token(settings.LEEWARD.secret_bytes, purpose, token)
    if number is None:
        return None
    hotline_id = model.of_every_hotline.filter(pk=number).values_list("hotline_id", flat=True).first()
    return Behind(hotline_id, number) if hotline_id is not None else None
