"""People whose data are here: who is found, what would go, and the copy that is given out. Reads only."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from leeward.administration.models import PersonRequest, ReferralTest
from leeward.administration.rules.persons import BY_RECEIPT, FIRST, GOES, STAYS
from leeward.capacity.queries import data_of_trainee, trainees_named
from leeward.foundation.actor import Actor
from leeward.hosting.queries import data_of_corrections
from leeward.installation.queries import data_of_changes
from leeward.intake.queries.persons import data_of_appeal, data_of_report, opened_by
from leeward.languages.queries import data_of_translator
from leeward.notices.queries.persons import (
    contacts_with,
    data_of_contact,
    data_of_letters_since_backup,
    data_of_letters_to_staff,
    data_of_mails_from_staff,
    is_in_use,
)
from leeward.notices.rules.plain_text import one_line
from leeward.oncall.queries.persons import data_of_pages
from leeward.people.queries.persons import accounts_with, data_of_account, is_open_account, names_of_account
from leeward.people.rules.reading import mark_of
from leeward.providers.queries.persons import clerk, clerks_with, data_of_clerk
from leeward.web_security.paging import Page, page_of

MOST_FOUND, MOST_LETTERS = 20, 1000
COPY_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found: kind, number, and how to tell them apart."""

    kind: str
    number: int
    name: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is here of somebody: how much of each kind, what goes, what stays, and what has to be done first ("": nothing)."""

    counts: dict[str, int]
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    first: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request about somebody's data, for display."""

    id: int
    kind: str
    subject: int
    act: str
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    settled_by_id: int | None
    settled_by: str
    settled_at: datetime | None
    outcome: str


def find(kind: str, what: str, hotline_id: int) -> list[Found]:
    """Return whom the words find, in the hotline's scope; nobody for an unknown kind. A receipt finds what it opens, whichever
    of the two kinds that have one was chosen."""
    what = one_line(what, 254)
    if kind in BY_RECEIPT:
        found = opened_by(what)
        return [] if found is None else [Found(*found, f"#{found[1]}")]
    ways: dict[str, Callable[[], list[tuple[int, str, str]]]] = {
        "staff": lambda: accounts_with(what, hotline_id, MOST_FOUND),
        "contact": lambda: contacts_with(what, MOST_FOUND),
        "trainee": lambda: trainees_named(what, MOST_FOUND),
        "clerk": lambda: clerks_with(what, MOST_FOUND),
    }
    return [Found(kind, *row) for row in ways[kind]()] if kind in ways else []


def plan_of(kind: str, number: int, hotline_id: int) -> Plan | None:
    """Return what is here of somebody and what would happen to it; None if there is nobody of this number."""
    data = data_of(kind, number, hotline_id)
    if not next(iter(data.values()), []):
        return None
    counts = {name: len(rows) for name, rows in data.items() if rows}
    return Plan(counts, GOES[kind], STAYS[kind], FIRST.get(kind, "") if _is_needed(kind, number, hotline_id) else "")


def mark_of_request(number: int, act: str, reason: str, plan: Plan | None) -> str:
    """Return the mark of what the page of a request shows. To erase, also of how much is here of them: what came in meanwhile nobody
    agreed to erase. A copy is of what is here when it is taken."""
    counts = sorted(plan.counts.items()) if plan and act == "erase" else []
    return mark_of(number, act, reason, plan is not None, plan.first if plan else "", counts)


def data_of(kind: str, number: int, hotline_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is here of somebody, by kind of data; what they are found by comes first."""
    ways: dict[str, Callable[[], dict[str, list[dict[str, Any]]]]] = {
        "reporter": lambda: data_of_report(number),
        "appeal": lambda: data_of_appeal(number),
        "staff": lambda: data_of_staff(number, hotline_id),
        "contact": lambda: _data_of_contact(number),
        "trainee": lambda: data_of_trainee(number),
        "clerk": lambda: data_of_clerk(number),
    }
    return ways[kind]() if kind in ways else {}


def data_of_staff(number: int, hotline_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is here of a member of staff: their account, and each copy of their name and address that erasing takes away."""
    data = data_of_account(number, hotline_id)
    if not data["account"]:
        return data
    email = str(data["account"][0]["email"])
    return data | {
        "letters": data_of_letters_to_staff(number, email, hotline_id),
        "letters_since_backup": data_of_letters_since_backup(email),
        "mails": data_of_mails_from_staff(email, hotline_id),
        "pages": data_of_pages(number),
        "settings_changed": data_of_changes(number),
        "places_corrected": data_of_corrections(label_of_account(number)),
        **data_of_translator(number, names_of_account(data), hotline_id),
    }


def _data_of_contact(number: int) -> dict[str, list[dict[str, Any]]]:
    data = data_of_contact(number, MOST_LETTERS)
    fields = ("to", "asked_at", "sent_at", "confirmed_at")
    tests = ReferralTest.objects.filter(to__in=[row["email"] for row in data["directory"]]).order_by("-id")
    return data | {"test_letters": list(tests.values(*fields)[:MOST_LETTERS])}


def label_of_account(number: int) -> str:
    """Return what the log calls a member of staff."""
    return Actor("staff", number).label


def copy_of(row: RequestRow, hotline_id: int) -> str:
    """Return the copy that is given out, as JSON."""
    data = data_of(row.kind, row.subject, hotline_id)
    return json.dumps({"kind": row.kind, "data": data}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1) + "\n"


def requests(number: str | int | None) -> Page[RequestRow]:
    """Return a page of the hotline's requests, the newest first."""
    page = page_of(PersonRequest.objects.select_related("asked_by", "settled_by").order_by("-id"), number, per_page=25)
    return Page([_row(row) for row in page.rows], page.number, page.per_page, page.total, page.total_is_exact)


def request_row(number: int) -> RequestRow | None:
    """Return one request of the hotline, or None."""
    row = PersonRequest.objects.select_related("asked_by", "settled_by").filter(pk=number).first()
    return _row(row) if row else None


def may_be_taken(row: RequestRow, account_id: int | None, now: datetime) -> bool:
    """Return whether this account may take the copy: one of the two who agreed, for a week. By a clock that is
    behind that time nobody may: how long ago it was is not known."""
    is_fresh = row.settled_at is not None and timedelta(0) <= now - row.settled_at < COPY_FOR
    return (
        row.act == "export"
        and row.outcome == "done"
        and is_fresh
        and account_id in (row.asked_by_id, row.settled_by_id)
    )


def _is_needed(kind: str, number: int, hotline_id: int) -> bool:
    if kind == "staff":
        return is_open_account(number, hotline_id)
    if kind == "contact":
        return is_in_use(number)
    person = clerk(number) if kind == "clerk" else None
    return person is not None and person.ended_at is None


def _row(row: PersonRequest) -> RequestRow:
    return RequestRow(
        row.pk,
        row.kind,
        row.subject,
        row.act,
        row.reason,
        row.asked_by_id,
        row.asked_by.name,
        row.asked_at,
        row.settled_by_id,
        row.settled_by.name if row.settled_by else "",
        row.settled_at,
        row.outcome,
    )
