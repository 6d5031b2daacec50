"""One additional statement by the requester of a review, before it is answered."""

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.intake.errors import NoMoreStatements, NothingTyped, TooMuch
from leeward.intake.models import OutsideAppeal, ReviewRequest
from leeward.intake.rules.typed import MOST_ADDRESSES, MOST_CHARACTERS, clean
from leeward.intake.services.following import MOST_MESSAGES
from leeward.intake.services.marking import appeal_changed, report_changed
from leeward.intake.services.receiving import REPORTER
from leeward.web_security.services import use_once


def add_statement(origin: str, number: int, *, text: str, form_key: str) -> bool:
    """Store the statement for a `reporter`'s review or an `outside` appeal; return False if this form was submitted
    already, or the same text was stored.

    Raises NothingTyped, TooMuch, and NoMoreStatements if there is one already or the request is answered.
    """
    text = clean(text)
    if not text:
        raise NothingTyped
    if len(text) > MOST_CHARACTERS:
        raise TooMuch(addresses=MOST_ADDRESSES, characters=MOST_CHARACTERS, messages=MOST_MESSAGES)
    with hotline_transaction():
        row = _locked(origin, number)
        is_same = row.statement == text  # never, where this process can't open it: then the form's key says so
        if is_same or not use_once(form_key, purpose=f"review.state {origin} {number}"):
            return False
        if row.statement or _is_over(row):
            raise NoMoreStatements
        row.statement = text
        row.save(update_fields=["statement"])
        if isinstance(row, ReviewRequest):
            event, subject, actor = "report.review_stated", f"report:{row.report_id}", REPORTER
            report_changed(row.report_id, row.hotline_id)
        else:
            event, subject = "appeal.stated", f"appeal:{row.pk}"
            appeal_changed(row.pk, row.hotline_id)
            actor = Actor(kind="host" if row.relation == "host" else "owner")
        record(event, actor=actor, hotline_id=row.hotline_id, subject=subject)
    return True


def _locked(origin: str, number: int) -> ReviewRequest | OutsideAppeal:
    row: ReviewRequest | OutsideAppeal | None
    if origin == "reporter":
        row = ReviewRequest.objects.select_for_update().filter(pk=number).first()
    else:
        row = OutsideAppeal.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("request"))
    return row


def _is_over(row: ReviewRequest | OutsideAppeal) -> bool:
    if isinstance(row, ReviewRequest):
        return row.settled_at is not None
    return row.state == "closed" or row.withdrawn_at is not None
