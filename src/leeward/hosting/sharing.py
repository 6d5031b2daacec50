"""Places related by what was found there: the same file, the same host, the same account at a registrar."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from leeward.foundation.patterns import Pattern
from leeward.hosting.models import Finding, FoundFile, Location

HASH = Pattern(r"^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\Z")
# Findings that identify one party, unlike a registrar, which half the Internet shares.
ACCOUNTS = ("owner_email", "registrar_account", "registrant")
_KINDS = ", ".join(f"'{kind}'" for kind in ACCOUNTS)
# Written out, since a partial index is used only for the same expression.
ACCOUNT_INDEX = (
    "CREATE INDEX hosting_finding_account ON hosting_finding (hotline_id, kind, substr(value, 1, 120))"
    f" WHERE kind IN ({_KINDS})"
)
_SAME_ACCOUNT = f"""
SELECT %n AS account, id, location_id FROM hosting_finding
WHERE hotline_id = %s AND kind = %s AND kind IN ({_KINDS}) AND substr(value, 1, 120) = substr(%s, 1, 120) AND value = %s
AND location_id <> %s ORDER BY id DESC LIMIT %s
"""  # noqa: S608 - our own names only
_BY_LENGTH = {32: ("md5",), 40: ("sha1",), 64: ("sha256", "pdq")}


def hash_in(text: str) -> str:
    """Return the text as the hash of a file (MD5, SHA-1, SHA-256 or PDQ, in hexadecimal), or nothing."""
    text = text.strip().lower()
    return text if HASH.match(text) else ""


def locations_with_file(digest: str, *, most: int = 1000) -> list[int]:
    """Return the numbers of places where a file with this hash was ever found, newest first; only after `hash_in`."""
    found: list[int] = []
    for name in _BY_LENGTH[len(digest)]:
        files = FoundFile.objects.filter(**{name: digest}).order_by("-pk")
        found += files.values_list("fetch__location_id", flat=True)[:most]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Shared:
    """Other places that share something with one: the kind, the value, and their numbers, newest first."""

    by: str
    value: str
    location_ids: tuple[int, ...]


def shared_with(location_id: int, *, most: int) -> list[Shared]:
    """Return what other places of the hotline share with this one: its host, its files, its owner's accounts. At most
    five queries."""
    place = Location.objects.get(pk=location_id)
    found: list[Shared] = []
    on_site: set[int] = set()
    if place.host:
        same = Location.objects.filter(host=place.host).exclude(pk=location_id).order_by("-pk")
        found.append(Shared("host", place.host, tuple(same.values_list("pk", flat=True)[:most])))
        on_site = set(found[0].location_ids)
    found.append(Shared("file", "", tuple(_with_the_same_files(location_id, most))))
    accounts = _accounts_of(location_id)
    there = _with_accounts(accounts, hotline_id=place.hotline_id, location_id=location_id, most=most)
    for account, one in zip(accounts, there, strict=True):  # an owner's other sites: the host is listed already
        found.append(Shared(*account, tuple(number for number in one if number not in on_site)))
    return [shared for shared in found if shared.location_ids]


def places_with_its_files(location_id: int, *, most: int, least_side: int = 0) -> list[int]:
    """Return the numbers of other places where a file of this one was found, newest first; of pictures only those with sides of
    at least so many pixels. One query."""
    return _with_the_same_files(location_id, most, least_side)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change in where a place is hosted."""

    at: datetime
    kind: str
    before: str
    value: str


def changes_of(location_id: int) -> list[Changed]:
    """Return how the country, the network and the IP address of a place changed, oldest first; one query."""
    rows = Finding.objects.filter(
        location_id=location_id, kind__in=("country_ip", "country", "network", "ip")
    ).order_by("at", "pk")
    newest: dict[str, str] = {}
    found = []
    for kind, value, at in rows.values_list("kind", "value", "at"):
        if kind in newest and newest[kind] != value:
            found.append(Changed(at, kind, newest[kind], value))
        newest[kind] = value
    return found


def _with_the_same_files(location_id: int, most: int, least_side: int = 0) -> list[int]:
    mine = FoundFile.objects.filter(fetch__location_id=location_id).exclude(sha256="").order_by("-pk")
    files = FoundFile.objects.filter(sha256__in=mine.values("sha256")[:400]).exclude(fetch__location_id=location_id)
    if least_side:
        files = files.exclude(Q(media="picture") & (Q(width__lt=least_side) | Q(height__lt=least_side)))
    return list(dict.fromkeys(files.order_by("-pk").values_list("fetch__location_id", flat=True)[:most]))


def _accounts_of(location_id: int) -> list[tuple[str, str]]:
    rows = Finding.objects.filter(location_id=location_id, kind__in=ACCOUNTS).order_by("-at", "-pk")
    newest: dict[str, str] = {}
    for kind, value in rows.values_list("kind", "value"):
        newest.setdefault(kind, value)
    return [(kind, value) for kind, value in newest.items() if value.strip()][:2]


def _with_accounts(accounts: list[tuple[str, str]], *, hotline_id: int, location_id: int, most: int) -> list[list[int]]:
    """Return the numbers of other places of each account, newest first; one query."""
    if not accounts:
        return []
    each = [f"SELECT * FROM ({_SAME_ACCOUNT.replace('%n', str(at))}) AS of_{at}" for at in range(len(accounts))]  # noqa: S608 - our own names only
    values = [part for kind, value in accounts for part in (hotline_id, kind, value, value, location_id, most)]
    found: list[dict[int, None]] = [{} for _ in accounts]
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(each)} ORDER BY 1, 2 DESC", values)
        for at, _newest, number in cursor.fetchall():
            found[at].setdefault(number)
    return [list(numbers) for numbers in found]
