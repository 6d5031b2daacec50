"""Letters to providers before and at the end of preservation, and the checkpoint by which new receipts are proven."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import publish
from leeward.audit.tree.stored import newest
from leeward.backup.queries import is_held
from leeward.foundation.actor import SYSTEM
from leeward.notices.services import Letter, post
from leeward.people.queries import portal
from leeward.providers.models import Provider, ProviderBatch, ProviderLine
from leeward.providers.rules.clocks import Step, next_reminder, step_of

SIGN_EVERY = timedelta(minutes=1)
AT_ONCE = 500


def remind(now: datetime) -> int:
    """Write to each provider whose evidence reaches its end within a week, has reached it, or is held by an order from now on;
    return how many letters went. One letter for all of a provider's lines; it names numbers, never what was reported. A letter that
    didn't go is tried again the next day."""
    due = ProviderLine.objects.filter(remind_at__lte=now)
    sent = 0
    for provider_id in list(due.order_by().values_list("provider_id", flat=True).distinct()[:AT_ONCE]):
        provider = Provider.objects.get(pk=provider_id)
        rows = list(due.filter(provider_id=provider_id).order_by("remind_at", "id")[: 20 * AT_ONCE])
        count = Counter(_step(row, now) for row in rows)
        if not (count["soon"] or count["over"] or count["held"]):
            _note(provider, rows, now, counts={})  # another law or a shorter order moved the end
        elif _write(provider, count):
            sent += 1
            _note(provider, rows, now, counts={name: count[name] for name in ("soon", "over", "held")})
    return sent


def _step(row: ProviderLine, now: datetime) -> Step:
    return step_of(keep_until=row.keep_until, held_until=row.held_until, is_destroyed=False, now=now)


def _write(provider: Provider, count: Mapping[Step, int]) -> bool:
    place = portal(provider.portal_id)
    soon, over, held = count["soon"], count["over"], count["held"]
    parts = [
        _(
            "Reports whose evidence an order of the police holds: %(count)s. Destroy nothing of them before its last day."
        )
        % {"count": held}
        if held
        else "",
        _("Reports whose evidence is to be kept for less than a week more: %(count)s.") % {"count": soon}
        if soon
        else "",
        _("Reports whose time is over: %(count)s. What is to be destroyed then can be destroyed now.") % {"count": over}
        if over
        else "",
        _("Your page with us lists them by incident number, and shows what an order still holds: %(site)s")
        % {"site": settings.LEEWARD.base_url}
        if provider.page_is_open
        else "",
    ]
    posted = post(
        Letter(
            provider.security_email,
            _("%(hotline)s: preservation of what you reported") % {"hotline": place.name},
            "\n\n".join(part for part in parts if part) + "\n",
            place.name,
        )
    )
    return posted is not None and posted.is_sent


def _note(provider: Provider, rows: list[ProviderLine], now: datetime, *, counts: Mapping[str, int]) -> None:
    following: dict[datetime | None, list[int]] = {}
    for row in rows:
        at = next_reminder(keep_until=row.keep_until, held_until=row.held_until, after=now)
        following.setdefault(at, []).append(row.pk)
    with hotline_transaction():
        for at, numbers in following.items():
            for some in batched(numbers, AT_ONCE):
                ProviderLine.objects.filter(pk__in=some, remind_at__lte=now).update(remind_at=at)
        if counts:
            record(
                "provider.reminded",
                actor=SYSTEM,
                hotline_id=provider.hotline_id,
                subject=f"provider:{provider.pk}",
                facts=dict(counts),
            )


def sign_log(hotline_id: int, now: datetime | None = None) -> timedelta | None:
    """Have the log signed, so that the receipts of new batches can be proven: at most once a minute, whatever comes in. Return when
    to try again, or None where every batch is covered."""
    now = now or datetime.now(UTC)
    last = newest(hotline_id)
    row = ProviderBatch.objects.order_by("-id").values_list("row_number", flat=True).first() or 0
    if last is not None and last.size >= row:
        return None
    if is_held():
        return SIGN_EVERY
    if last is not None and now - last.at < SIGN_EVERY:
        return last.at + SIGN_EVERY - now
    try:
        publish(hotline_id, now)
    except (SignerRefused, SignerSilent):
        return SIGN_EVERY  # the next checkpoint says what is wrong
    return None
