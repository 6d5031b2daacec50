"""Letters to providers before and at the end of preservation, and the checkpoint by which new receipts are proven."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import publish
from leeward.audit.tree.stored import newest
from leeward.backup.queries import is_held
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.clockwatch import trusted_now
from leeward.jobs.services import cancel, schedule
from leeward.notices.services import Letter, post, tell_staff
from leeward.people.queries import portal
from leeward.people.rules.permissions import SUPERVISOR
from leeward.providers.models import Provider, ProviderBatch, ProviderLine
from leeward.providers.rules.clocks import REMIND_BEFORE, Step, next_reminder, step_of
from leeward.providers.services.deciding import REMIND
from leeward.providers.services.registering import as_read

SIGN_EVERY = timedelta(minutes=1)
AT_ONCE = 500
NAMED: tuple[Step, ...] = ("soon", "over", "held")
IN_DOUBT, IN_DOUBT_AFTER = "providers.letter_in_doubt", timedelta(hours=1)


def remind(now: datetime) -> int:
    """Write to each provider whose evidence reaches its end within a week, has reached it, or is held by an order from now on;
    return how many letters went. One letter for all of a provider's lines; it names numbers, never what was reported. A letter that
    didn't go is tried again the next day; one of which nobody knows that is left to a person. By a clock that may be ahead no time is
    over: who reads that destroys the evidence."""
    sent, come = 0, trusted_now(now)
    for provider, rows in _due(now):
        count = Counter(_step(row, come) for row in rows)
        if not _is_due(count):
            _take(rows, come)  # another law or a shorter order moved the end, or it hasn't come
        elif _write(provider, rows, count, come):
            sent += 1
    return sent


def leave_letters_unsure(now: datetime, *, among: Collection[int] | None = None) -> None:
    """Leave to a person every letter that is due, since it may have gone before what was restored, moved here or put back. `among`:
    only those about these lines. In the hotline's scope and in the caller's transaction."""
    while found := list(_due(now, among)):
        for provider, rows in found:
            _take(rows, now)
            if _is_due(Counter(_step(row, now) for row in rows)):
                letter_in_doubt(provider.pk)


def letter_in_doubt(provider_id: int) -> None:
    """Let people know that nobody knows whether a letter to a provider went; they can write again on its page."""
    provider = Provider.objects.get(pk=provider_id)
    with hotline_transaction():
        _settle(provider, "provider.letter_left_unsure")
        path = reverse("providers-desk:show-provider", args=[provider.pk])
        key, every = (
            f"provider letter {provider.pk} {datetime.now(UTC):%Y-%m-%d}",
            reverse("providers-desk:list-providers"),
        )
        tell_staff(
            provider.hotline_id, what="provider_letter", key=key, path=path, roles=(SUPERVISOR,), list_path=every
        )


def write_again(provider_id: int, *, seen: str, actor: Actor) -> None:
    """Write to a provider about all that it preserves and that is held, near its end or over, whether or not it had a letter about
    it: a person wants that, who has read its page (`seen`: its mark). Raises NotFound, NotAllowed, EnteredSince."""
    now = datetime.now(UTC)
    with hotline_transaction():
        provider = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        kept = ProviderLine.objects.filter(provider=provider, destroyed_at=None, is_sandbox=False)
        count = kept.filter(Q(held_until__gt=now) | Q(keep_until__lte=now + REMIND_BEFORE)).update(remind_at=now)
        schedule(REMIND, subject_id=provider.hotline_id, hotline_id=provider.hotline_id)
        _record(provider, "provider.letter_wanted", actor, {"lines": count})


def _due(now: datetime, among: Collection[int] | None = None) -> Iterator[tuple[Provider, list[ProviderLine]]]:
    """Yield each provider to be written to, and the lines that a letter is about."""
    due = ProviderLine.objects.filter(remind_at__lte=now)
    if among is not None:
        due = due.filter(pk__in=among)
    for provider_id in list(due.order_by().values_list("provider_id", flat=True).distinct()[:AT_ONCE]):
        yield (
            Provider.objects.get(pk=provider_id),
            list(due.filter(provider_id=provider_id).order_by("remind_at", "id")[: 20 * AT_ONCE]),
        )


def _is_due(count: Mapping[Step, int]) -> bool:
    return any(count[name] for name in NAMED)


def _step(row: ProviderLine, now: datetime) -> Step:
    return step_of(keep_until=row.keep_until, held_until=row.held_until, is_destroyed=False, now=now)


def _write(provider: Provider, rows: list[ProviderLine], count: Mapping[Step, int], now: datetime) -> bool:
    """Write one letter; return whether it went. It counts as written before its first byte goes, and no longer only if it is known not
    to have gone; where nobody stores that, since the process died, it is in doubt."""

    def may_go() -> bool:
        with hotline_transaction():
            if not _take(rows, now):
                return False
            at = datetime.now(UTC) + IN_DOUBT_AFTER
            schedule(IN_DOUBT, subject_id=provider.pk, hotline_id=provider.hotline_id, due_at=at)
        return True

    posted = post(_letter(provider, count), may_go=may_go)
    if posted is None:
        return False
    if posted.fate == "unsure":
        letter_in_doubt(provider.pk)
        return False
    with hotline_transaction():
        if posted.is_sent:
            _settle(provider, "provider.reminded", {name: count[name] for name in NAMED})
        else:
            _give_back(rows, now)
            cancel(IN_DOUBT, subject_id=provider.pk, hotline_id=provider.hotline_id)
    return posted.is_sent


def _letter(provider: Provider, count: Mapping[Step, int]) -> Letter:
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
    return Letter(
        provider.security_email,
        _("%(hotline)s: preservation of what you reported") % {"hotline": place.name},
        "\n\n".join(part for part in parts if part) + "\n",
        place.name,
    )


def _take(rows: list[ProviderLine], now: datetime) -> bool:
    """Let these lines count as written about; return False if another process has some of them, and then none do."""
    with hotline_transaction():
        for some in batched(rows, AT_ONCE):
            here = ProviderLine.objects.select_for_update().in_bulk([row.pk for row in some])
            if any(row.pk not in here or here[row.pk].remind_at != row.remind_at for row in some):
                return False
        for (_before, after), numbers in _by_times(rows, now).items():
            for part in batched(numbers, AT_ONCE):
                ProviderLine.objects.filter(pk__in=part).update(remind_at=after)
    return True


def _give_back(rows: list[ProviderLine], now: datetime) -> None:
    """Let these lines wait for their letter again, but for those of which something was decided since."""
    for (before, after), numbers in _by_times(rows, now).items():
        for some in batched(numbers, AT_ONCE):
            ProviderLine.objects.filter(pk__in=some, destroyed_at=None, remind_at=after).update(remind_at=before)


def _by_times(rows: list[ProviderLine], now: datetime) -> dict[tuple[datetime | None, datetime | None], list[int]]:
    """Return the numbers of lines by when their letter was due, and when the next one is."""
    found: dict[tuple[datetime | None, datetime | None], list[int]] = {}
    for row in rows:
        after = next_reminder(keep_until=row.keep_until, held_until=row.held_until, after=now)
        found.setdefault((row.remind_at, after), []).append(row.pk)
    return found


def _settle(provider: Provider, event: str, facts: Mapping[str, object] | None = None) -> None:
    """Record what became of a letter; nobody looks for that any more."""
    cancel(IN_DOUBT, subject_id=provider.pk, hotline_id=provider.hotline_id)
    _record(provider, event, SYSTEM, facts or {})


def _record(provider: Provider, event: str, actor: Actor, facts: Mapping[str, object]) -> None:
    subject = f"provider:{provider.pk}"
    record(event, actor=actor, hotline_id=provider.hotline_id, subject=subject, facts=dict(facts))


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
