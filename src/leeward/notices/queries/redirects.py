"""Addresses for which a contact says that somebody else is in charge, and alternative recipients."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from leeward.hosting import queries as hosting_queries
from leeward.notices.models import Contact, NoticeItem
from leeward.notices.queries.labels import kind_word, problem_word
from leeward.notices.recipients import addresses_for, is_mail_address
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.rules.redirects import nearest, searchable_parts, typed_addresses

MOST_SEEN = 400


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that is waiting for a person's decision."""

    item_id: int
    reference: str
    recipient: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible recipient: where the address comes from, and what is known about it."""

    email: str
    source: str  # typed, found or directory
    note: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """What one contact says about one address, with the alternative recipients."""

    item_id: int
    reference: str
    address: str
    kind: str
    recipient: str
    typed: str
    answered_at: datetime | None
    is_open: bool
    choices: tuple[Choice, ...]


def redirects_waiting(most: int = 200) -> list[Waiting]:
    """Return the addresses for which a person must say who is in charge, longest wait first."""
    answers = NoticeItem.objects.filter(answer="wrong_contact", redirected="", notice__kind__in=LADDER_KINDS)
    answers = answers.filter(notice_case__state__in=("person", "police", "address", "untold")).select_related(
        "notice_case", "notice__contact"
    )
    rows = answers.order_by("answered_at", "pk")[:most]
    return [
        Waiting(item.pk, item.notice_case.brief["reference"], item.notice.contact.email, item.answered_at)
        for item in rows
    ]


def redirect(item_id: int) -> Redirect | None:
    """Return one of them with all alternative recipients; None if there is no such address here."""
    found = NoticeItem.objects.select_related("notice_case", "notice__contact").filter(
        pk=item_id, answer="wrong_contact"
    )
    item = found.filter(notice__kind__in=LADDER_KINDS).first()
    if item is None:
        return None
    return Redirect(
        item_id=item.pk,
        reference=item.notice_case.brief["reference"],
        address=item.address,
        kind=kind_word(item.notice.kind),
        recipient=item.notice.contact.email,
        typed=item.note,
        answered_at=item.answered_at,
        is_open=not item.redirected and item.notice_case.state != "stopped",
        choices=_choices(item),
    )


def open_redirect_of(case_id: int) -> int | None:
    """Return a case's address for which a person must say who is in charge, or None."""
    answers = NoticeItem.objects.filter(
        case_id=case_id, answer="wrong_contact", redirected="", notice_case__state="person"
    )
    found: int | None = (
        answers.filter(notice__kind__in=LADDER_KINDS).order_by("pk").values_list("pk", flat=True).first()
    )
    return found


def _choices(item: NoticeItem) -> tuple[Choice, ...]:
    """Return what was typed, what is known about the location, and similar directory entries; without duplicates and
    without the present contact."""
    where = hosting_queries.whereabouts(item.location_id)
    found = addresses_for(item.notice.kind, where)
    typed = [address for address in typed_addresses(item.note) if is_mail_address(address)]
    near = _near(item.note)
    every = [("typed", address) for address in typed]
    every += [("found", address) for address in found] + [("directory", entry.email) for entry in near]
    listed = {entry.email: entry for entry in Contact.objects.filter(email__in=[email for _source, email in every])}
    shown: dict[str, Choice] = {}
    for source, email in every:
        if email != item.notice.contact.email and email not in shown:
            shown[email] = Choice(email, source, _note(listed.get(email)))
    return tuple(shown.values())


def _near(typed: str) -> list[Contact]:
    wanted = Q()
    for part in searchable_parts(typed):
        wanted |= Q(name__icontains=part) | Q(email__icontains=part)
    if not wanted:
        return []
    entries = {entry.pk: entry for entry in Contact.objects.filter(wanted, retired=False).order_by("pk")[:MOST_SEEN]}
    numbers = nearest(typed, [(entry.pk, entry.name, entry.email) for entry in entries.values()])
    return [entries[number] for number in numbers]


def _note(entry: Contact | None) -> str:
    """Return the directory's information about an address."""
    if entry is None:
        return ""
    return problem_word("bounced") if entry.bounced_at else entry.name
