"""One-time use of form keys, and rate limits."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, router, transaction
from django.db.models import F, Value
from django.db.models.functions import Least

from leeward.jobs.clockwatch import trusted_now
from leeward.tables import insert_all
from leeward.web_security.keys import is_form_key, key_digest
from leeward.web_security.models import Bucket, UsedKey
from leeward.web_security.rules.bucket import Level, take
from leeward.web_security.salts import hashes_at

KEPT_DAYS = 7


def use_once(key: str, *, purpose: str, keeps_time: bool = True) -> bool:
    """Return True the first time this key is used for this purpose, False ever after; in the caller's transaction.

    A key that wasn't issued here counts as used. Without `keeps_time` only the day of its use is kept.
    """
    if not is_form_key(key):
        return False
    try:
        with transaction.atomic():
            row = UsedKey.objects.create(digest=key_digest(key, purpose))
            if not keeps_time:
                day = row.used_at.replace(hour=0, minute=0, second=0, microsecond=0)
                UsedKey.objects.filter(pk=row.pk).update(used_at=day)
    except IntegrityError:
        return False
    return True


def note_used(*digests: str) -> None:
    """Note that the keys of these digests were used, but for "", in one statement; again changes nothing. In the caller's
    transaction, if there is one."""
    rows = [UsedKey(digest=digest) for digest in digests if digest]
    insert_all(rows, using=router.db_for_write(UsedKey), may_be_there=True)


def used_for(key: str, *purposes: str) -> frozenset[str]:
    """Return for which of these purposes this key was used within the last week, in one query."""
    digests = {key_digest(key, purpose): purpose for purpose in purposes}
    found = UsedKey.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return frozenset(digests[digest] for digest in found)


def was_noted(nonce: str, *, purpose: str) -> bool:
    """Return whether `note_nonce` noted this for this purpose within the last week."""
    return UsedKey.objects.filter(digest=key_digest(nonce, purpose)).exists()


def note_nonce(nonce: str, *, purpose: str) -> bool:
    """Return True the first time a signed nonce comes for this purpose, False for a week after; a signature must be too
    old by then. In the caller's transaction, if there is one."""
    try:
        with transaction.atomic():
            UsedKey.objects.create(digest=key_digest(nonce, purpose))
    except IntegrityError:
        return False
    return True


def allow(bucket: str, who: str, *, per_minute: float, burst: int, now: datetime | None = None) -> bool:
    """Take a token from the bucket of `who`; return False if it is empty. `who` is hashed with today's salt and not
    stored."""
    now = now or datetime.now(UTC)
    keys = hashes_at(f"{bucket}\n{who}", now)
    with transaction.atomic():
        row = Bucket.objects.select_for_update().filter(key=keys[0]).first()
        level = Level(row.tokens, row.at) if row else Level(float(burst), now)
        allowed, level = take(level, now, per_minute=per_minute, burst=burst)
        for key in keys:
            Bucket.objects.update_or_create(key=key, defaults={"tokens": level.tokens, "at": level.at})
    return allowed


def give_back(bucket: str, who: str, *, burst: int, now: datetime | None = None) -> None:
    """Put back the token that `allow` took, because the attempt was correct."""
    keys = hashes_at(f"{bucket}\n{who}", now or datetime.now(UTC))
    Bucket.objects.filter(key__in=keys).update(tokens=Least(F("tokens") + 1.0, Value(float(burst))))


def forget_old(now: datetime) -> int:
    """Delete buckets older than a day and used keys older than a week, also where the public face has a file of its own; return how
    many. No key is forgotten by a clock that may be ahead: once it is right, the same form could be sent a second time."""
    count, come = 0, trusted_now(now)
    for alias in settings.DATABASES:
        old = (
            Bucket.objects.using(alias).filter(at__lt=now - timedelta(days=1)),
            UsedKey.objects.using(alias).filter(used_at__lt=come - timedelta(days=KEPT_DAYS)),
        )
        try:
            count += sum(rows.delete()[0] for rows in old)
        except DatabaseError:  # the face's file is away, or kept locked
            if alias == "default":
                raise
    return count
