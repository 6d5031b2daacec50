"""`/api/v1/intake`: reports from another organisation's own form, with the limits, the lanes and the receipt of ours."""

from datetime import UTC, datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import override
from ninja import Field, Router, Schema, Status
from ninja.params.functions import Header
from pydantic import ConfigDict

from leeward.foundation.check_digit import in_groups
from leeward.foundation.errors import BadInput, NotFound
from leeward.intake import queries
from leeward.intake.errors import PortalIsClosed, ReportNotComplete, SlowDown
from leeward.intake.labels import problem_sentence
from leeward.intake.queries.wishes import asks_wish
from leeward.intake.receipts import SHOWN_MINUTES, Arrived, seal_arrived
from leeward.intake.rules import typed
from leeward.intake.rules.draft import Draft, Problem, ReportDraft, problems_of, report_draft
from leeward.intake.rules.own_picture import ME, QUIET
from leeward.intake.rules.where import read_pieces
from leeward.intake.services import PARTNER, Arrival, receive_from_partner
from leeward.intake.views.slowing import has_room
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor
from leeward.people.queries import PortalRow, portal_by_slug

PER_MINUTE, BURST = 6_000.0, 600
router = Router(tags=["intake"])


class PartnerReport(Schema):
    """One report. Nothing else is taken, and no picture ever: an address is enough."""

    model_config = ConfigDict(extra="forbid")

    portal: str = Field(max_length=31, description="The portal's short name, as in its address.")
    kind: Literal["page", "contact", "me", "danger", "else"] = Field(
        description="danger: a child is in danger now; contact: somebody contacts or threatens a child; me: a picture of "
        "the reporter; page: something online."
    )
    threat: Literal["", "yes", "no", "unsure"] = Field(
        "", description="With `me`, needed: does anybody threaten to share it?"
    )
    wish: Literal["", "quiet", "police"] = Field(
        "",
        description="With `me`, only where the portal lets its reporters decide: quiet: have it removed, and don't tell the "
        "police unless somebody threatens them or a child is in danger; police: tell them. Empty: the police are told as usual.",
    )
    under_18: bool = Field(False, description="The reporter is under 18.")
    where: str = Field(
        "", max_length=100_000, description="Addresses, user names with their service: one a line, up to 200."
    )
    text: str = Field("", max_length=20_000, description="In the reporter's words.")
    when: Literal["today", "week", "before", "unknown"] = "unknown"
    contact: str = Field("", max_length=254, description="An e-mail address, if the reporter wishes to be reached.")
    needs_login: bool = False
    password: str = Field("", max_length=300, description="Of the page or file.")
    referrer: str = Field("", max_length=2000, description="The page that led there.")
    language: str = Field("", max_length=20, description="Of the reporter, one of the portal's; empty: its first.")


class Receipt(Schema):
    """What the reporter has to see, now and never again."""

    receipt: str = Field(description="16 digits, the only way back to the report.")
    groups: list[str] = Field(description="The same in four groups, as they are shown.")
    page: str = Field(
        description=f"Our page with the receipt and what happens now; it opens for {SHOWN_MINUTES} minutes."
    )
    follow: str = Field(description="Where the digits can be entered at any time.")
    is_new: bool = Field(description="False for a report that came before with this idempotency key.")
    urgent: bool


@router.post(
    "",
    auth=bearer("intake", per_minute=PER_MINUTE, burst=BURST),
    response={201: Receipt, 200: Receipt},
    summary="A report from another organisation's form",
    operation_id="intake",
)
@in_hotline
def take(
    request: HttpRequest,
    body: PartnerReport,
    idempotency_key: str = Header(alias="Idempotency-Key", min_length=16, max_length=200),
) -> Status[dict[str, Any]]:
    """Send one report of somebody who filled in your own form; 201, or 200 if this idempotency key came before.

    Make a random idempotency key for each form that you show (a UUID) and send it again with every repetition: then
    nothing is counted twice, the receipt is the same, and what is new in the form is added. Show the receipt to the
    reporter, or lead them to `page`, and keep neither. 429: wait five seconds and send the same again. 409: the portal
    takes no reports, or the reporter has withdrawn this one.
    """
    key = key_of(request)
    portal = portal_by_slug(body.portal)
    if portal is None or portal.hotline_id != key.hotline_id:
        raise NotFound(what="portal")
    if not portal.takes_reports:
        raise PortalIsClosed
    language = body.language or portal.languages[0]
    if language not in portal.languages:
        raise BadInput(what="language", why="it is none of the portal’s")
    with override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        draft = _checked(body, portal, language)
    if not has_room("urgent" if draft.urgency else "report", f"key {key.id}"):
        raise SlowDown
    now = datetime.now(UTC)
    arrival = Arrival(portal.hotline_id, portal.id, PARTNER, language, now)
    received = receive_from_partner(draft, arrival, actor=token_actor(key), idempotency_key=idempotency_key)
    stored = queries.report(received.report_id)
    sealed = seal_arrived(Arrived(received.receipt, received.report_id), now)
    here = f"{settings.LEEWARD.base_url}{_path(portal, language)}"
    answer = {
        "receipt": received.receipt,
        "groups": in_groups(received.receipt),
        "page": f"{here}/receipt/{sealed}",
        "follow": f"{here}/receipt",
        "is_new": received.is_new,
        "urgent": stored.urgent,
    }
    return Status(201 if received.is_new else 200, answer)


def _checked(body: PartnerReport, portal: PortalRow, language: str) -> ReportDraft:
    """Return the report as our own form would have read it. Raises ReportNotComplete."""
    lines = {name: getattr(body, name) for name in ("contact", "password", "referrer")}
    draft = Draft(
        kind=body.kind,
        young=body.under_18,
        threat=body.threat,
        wish=body.wish,
        where=typed.clean(body.where),
        login=body.needs_login,
        password=typed.clean_line(body.password),
        referrer=typed.clean_line(body.referrer),
        when=body.when,
        text=typed.clean(body.text),
        mail=typed.clean_line(body.contact),
        nul=tuple(
            name for name, line in {**lines, "where": body.where, "text": body.text}.items() if typed.has_nul(line)
        ),
    )
    pieces = read_pieces(draft.where, {}, country=portal.country, language=language)
    may_wish = asks_wish(portal)
    problems = problems_of(draft, pieces=len(pieces))
    if body.wish == QUIET and not (may_wish and body.kind == ME):
        problems.append(Problem("wish", "wish_not_asked"))
    if problems:
        named = " ".join(f"{one.name}: {problem_sentence(one.code, one.values)}" for one in problems)
        raise ReportNotComplete(problems=named)
    return report_draft(draft, pieces, asks_wish=may_wish)


def _path(portal: PortalRow, language: str) -> str:
    return f"/{portal.slug}" if language == portal.languages[0] else f"/{portal.slug}/{language}"
