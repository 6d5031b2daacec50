"""Somebody asks for their data, or wants them erased: one person asks for it here, a second one confirms it, then it is done."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.administration.errors import RequestSettled, StillInUse
from leeward.administration.models import PersonRequest
from leeward.administration.persons import label_of_account, mark_of_request, plan_of
from leeward.administration.rules.persons import ACTS
from leeward.audit.services import hotline_transaction, record
from leeward.capacity.services import erase_trainee
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.hosting.services.persons import erase_name as erase_corrector
from leeward.intake.services.appealing import withdraw_appeal
from leeward.intake.services.following import withdraw_report
from leeward.languages.services.persons import erase_name as erase_translator
from leeward.notices.services.contacts import erase_contact
from leeward.notices.services.staff import erase_address
from leeward.oncall.services import rota
from leeward.people.queries.persons import data_of_account, is_open_account, names_of_account
from leeward.people.services import authorize, demand_read, demand_second, staff_id
from leeward.people.services.persons import erase_account
from leeward.providers.services.registering import erase_clerk

MOST_REASON = 300
_SUBJECTS = {
    "reporter": "report",
    "appeal": "appeal",
    "staff": "account",
    "contact": "contact",
    "trainee": "participation",
    "clerk": "clerk",
}


def ask_about_person(kind: str, number: int, act: str, *, reason: str, actor: Actor) -> int:
    """Ask that somebody's data are given out or erased; return the request's number. Nothing happens until a second person confirms.

    Raises StillInUse, RequestSettled where the same waits, BadInput without a reason.
    """
    hotline_id = actor.hotline_id or 0
    authorize(actor, "account.edit", hotline_id)
    reason = whole(" ".join(reason.split()), MOST_REASON)
    if act not in ACTS or not reason:
        raise BadInput(what=_("reason"), why=_("say why, and how you know that it is them"))
    with hotline_transaction():
        _need_ready(kind, number, act, hotline_id)
        try:
            with transaction.atomic():
                made = PersonRequest.objects.create(
                    hotline_id=hotline_id, kind=kind, subject=number, act=act, reason=reason,
                    asked_by_id=staff_id(actor), asked_at=datetime.now(UTC),
                )  # fmt: skip
        except IntegrityError as error:
            raise RequestSettled from error
        _record("person_request.made", made, actor)
    return int(made.pk)


def settle_person_request(request_id: int, *, confirm: bool, seen: str, actor: Actor) -> None:
    """Confirm a request as the second person, which erases, or lets the copy be taken; or refuse it, as anybody but whoever asked or as them.

    `seen` is the mark of what its page showed (`mark_of_request`). Raises EnteredSince, NotSecondPerson, RequestSettled, StillInUse.
    """
    hotline_id = actor.hotline_id or 0
    authorize(actor, "portal.confirm", hotline_id)
    with hotline_transaction():
        row = PersonRequest.objects.select_for_update().filter(pk=request_id, hotline_id=hotline_id).first()
        if row is None:
            raise NotFound(what=_("request"))
        if row.outcome or (confirm and not is_open_account(row.asked_by_id, hotline_id)):
            raise RequestSettled  # of somebody who left: `end_requests_of` refuses it in a moment
        plan = plan_of(row.kind, row.subject, hotline_id)
        demand_read(mark_of_request(row.pk, row.act, row.reason, plan), seen=seen)
        if confirm:
            demand_second(actor, {row.asked_by_id}, act="portal.confirm")
            _need_ready(row.kind, row.subject, row.act, hotline_id)
        row.outcome, row.settled_by_id, row.settled_at = (
            "done" if confirm else "refused",
            staff_id(actor),
            datetime.now(UTC),
        )
        row.save(update_fields=["outcome", "settled_by", "settled_at"])
        _record("person_request.confirmed" if confirm else "person_request.refused", row, actor)
        if confirm and row.act == "erase":
            _erase(row, actor)


def end_requests_of(account_id: int) -> None:
    """Refuse what somebody asked for who leaves: nobody is left who answers for it. Another administrator can ask again."""
    with hotline_transaction():
        for row in PersonRequest.objects.select_for_update().filter(asked_by_id=account_id, outcome="").order_by("pk"):
            row.outcome, row.settled_at = "refused", datetime.now(UTC)
            row.save(update_fields=["outcome", "settled_at"])
            _record("person_request.refused", row, SYSTEM)


def note_copy_taken(request_id: int, *, actor: Actor) -> None:
    """Log that the copy was taken."""
    with hotline_transaction():
        _record("person_request.copy_taken", PersonRequest.objects.get(pk=request_id), actor)


def _need_ready(kind: str, number: int, act: str, hotline_id: int) -> None:
    plan = plan_of(kind, number, hotline_id)
    if plan is None:
        raise NotFound(what=_("person"))
    if act == "erase" and plan.first:
        raise StillInUse


def _erase(row: PersonRequest, actor: Actor) -> None:
    if row.kind == "reporter":
        withdraw_report(row.subject, actor=actor)
        return
    if row.kind == "appeal":
        withdraw_appeal(row.subject, actor=actor)
        return
    ways: dict[str, Callable[[int], int]] = {
        "staff": lambda number: _erase_staff(number, row.hotline_id),
        "contact": erase_contact,
        "trainee": erase_trainee,
        "clerk": erase_clerk,
    }
    rows = ways[row.kind](row.subject)
    record(
        "person.erased",
        actor=actor,
        hotline_id=row.hotline_id,
        subject=_subject(row),
        facts={"request": row.pk, "rows": rows},
    )


def _erase_staff(number: int, hotline_id: int) -> int:
    """Erase a former member of staff wherever their name or address was copied to; return how many rows it was."""
    data = data_of_account(number, hotline_id)
    copies = erase_address(number, str(data["account"][0]["email"]), hotline_id) + rota.erase_address(number)
    copies += erase_translator(number, names_of_account(data), hotline_id)
    copies += erase_corrector(label_of_account(number), f"#{number}")
    return copies + erase_account(number)


def _record(event: str, row: PersonRequest, actor: Actor) -> None:
    facts = {"request": row.pk, "act": row.act}
    record(event, actor=actor, hotline_id=row.hotline_id, subject=_subject(row), facts=facts)


def _subject(row: PersonRequest) -> str:
    return f"{_SUBJECTS[row.kind]}:{row.subject}"
