"""Letters to providers before and at the end of preservation, and the checkpoint by which new receipts are proven."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import newest, publish
from leeward.backup.queries import is_held
from leeward.foundation.actor import SYSTEM
from leeward.notices.services import Letter, post
from leeward.people.queries import portal
from leeward.providers.models import Provider, ProviderBatch, ProviderLine
from leeward.providers.rules.clocks import REMIND_BEFORE, reminder_due, step_of

SIGN_EVERY = timedelta(minutes=1)
AT_ONCE = 500


def remind(now: datetime) -> int:
    """Write to each provider whose evidence reaches its end within a week, or has reached it; return how many letters went. One
    letter for all of a provider's lines, once before and once at the end; it names numbers, never what was reported. What an
    order holds has none."""
    ending = ProviderLine.objects.filter(
        keep_until__lte=now + REMIND_BEFORE, destroyed_at=None, reminders__lt=2, is_sandbox=False
    )
    sent = 0
    for provider_id in list(ending.order_by().values_list("provider_id", flat=True).distinct()[:AT_ONCE]):
        provider = Provider.objects.get(pk=provider_id)
        due: dict[int, list[int]] = {1: [], 2: []}
        for row in ending.filter(provider_id=provider_id).order_by("keep_until")[: 20 * AT_ONCE]:
            step = step_of(keep_until=row.keep_until, held_until=row.held_until, is_destroyed=False, now=now)
            number = reminder_due(step, row.reminders)
            if number:
                due[number].append(row.pk)
        if (due[1] or due[2]) and _write(provider, soon=len(due[1]), over=len(due[2])):
            sent += 1
            _note(provider, due)
    return sent


def _write(provider: Provider, *, soon: int, over: int) -> bool:
    place = portal(provider.portal_id)
    parts = [
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


def _note(provider: Provider, due: dict[int, list[int]]) -> None:
    with hotline_transaction():
        for number, lines in due.items():
            for start in range(0, len(lines), AT_ONCE):
                ProviderLine.objects.filter(pk__in=lines[start : start + AT_ONCE]).update(reminders=number)
        record(
            "provider.reminded",
            actor=SYSTEM,
            hotline_id=provider.hotline_id,
            subject=f"provider:{provider.pk}",
            facts={"soon": len(due[1]), "over": len(due[2])},
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
        return SIGN_EVERY  # the hourly checkpoint says what is wrong
    return None
