"""Every message that a plan would send, word for word, before it goes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.hosting import queries as hosting
from leeward.notices import compose
from leeward.notices.models import Contact, Notice
from leeward.notices.queries.words import problem_word
from leeward.notices.rules.briefs import CaseBrief, Plan, is_abroad
from leeward.notices.texts import Attachment, Line, Mail, language_for, notice_mail, police_mail
from leeward.notices.whom import CONTACT_KIND, abroad, place_of, police_of, whom
from leeward.people import queries as people

# What stands for a link that isn't made yet, and for the mark in the subject line.
LINK = "{base}/{page}/…"
MARK = "LW-…"


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """A message as it would go now: `kind` is referral, forward or a kind of notice, `when` says what it waits for."""

    kind: str
    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...]
    when: str = ""


def previews(brief: CaseBrief, plan: Plan) -> list[MessagePreview]:
    """Every first message that acting by the plan would send, in the order in which they would go.

    A host's message shows the addresses that already wait for the same contact, since it would hold them too.
    """
    portal = people.portal(brief.portal_id)
    where = hosting.whereabouts(brief.location_id)
    line = Line(brief, place_of(where))
    is_foreign = is_abroad(brief, portal.country)
    tells_host = plan.host and _may_tell_host(brief, is_foreign=is_foreign)
    shown = []
    has_police = plan.police and police_of(portal) is not None
    if has_police:
        shown.append(_police(line, portal, is_assessed=True, tells_host=tells_host))
    contact = abroad(brief.country) if plan.foreign and is_foreign else None
    if contact:
        shown.append(
            _notice("foreign_police", contact.email, contact, lines=[line], hotline_id=brief.hotline_id, when="")
        )
    found = whom("foreign_host" if is_foreign else "host", where, location_id=brief.location_id) if tells_host else None
    if found:
        kind, email = found
        known = Contact.objects.filter(kind=CONTACT_KIND[kind], email=email).first()
        lines = [*_waiting(known, kind, brief.case_id), line]
        when = _after_police() if has_police else ""
        shown.append(_notice(kind, email, known, lines=lines, hotline_id=brief.hotline_id, when=when))
    return shown


def preview_of_forward(brief: CaseBrief) -> list[MessagePreview]:
    """The message by which a post-box hotline would pass a report on."""
    portal = people.portal(brief.portal_id)
    if police_of(portal) is None:
        return []
    where = hosting.whereabouts(brief.location_id)
    return [_police(Line(brief, place_of(where)), portal, is_assessed=False, tells_host=False)]


def plan_problems(brief: CaseBrief, plan: Plan) -> list[str]:
    """What a plan could not do, one sentence each."""
    portal = people.portal(brief.portal_id)
    is_foreign = is_abroad(brief, portal.country)
    may_tell = _may_tell_host(brief, is_foreign=is_foreign)
    kind = "foreign_host" if is_foreign else "host"
    found: list[tuple[bool, str]] = [
        (plan.police and police_of(portal) is None, "no_police_contact"),
        (plan.foreign and is_foreign and abroad(brief.country) is None, "no_contact_abroad"),
        (plan.host and not may_tell, "foreign_host_not_told"),
    ]
    if plan.host and may_tell:
        nobody = whom(kind, hosting.whereabouts(brief.location_id), location_id=brief.location_id) is None
        found.append((nobody, "no_contact"))
    return [problem_word(problem) for is_so, problem in found if is_so]


def _may_tell_host(brief: CaseBrief, *, is_foreign: bool) -> bool:
    if not is_foreign:
        return True
    return people.hotline(brief.hotline_id).notify_foreign_hosts or settings.LEEWARD.notify_foreign_hosts


def _police(line: Line, portal: people.PortalRow, *, is_assessed: bool, tells_host: bool) -> MessagePreview:
    name, email = police_of(portal) or ("", "")
    known = Contact.objects.filter(kind="police", country=portal.country, email=email).first()
    mail = police_mail(
        line,
        portal=portal,
        police_name=name,
        link=_link(compose.REFERRAL),
        mark=MARK,
        is_assessed=is_assessed,
        tells_host=tells_host,
        wait_hours=settings.LEEWARD.police_wait_hours,
        language=language_for(known.languages if known else ()),
    )
    return _preview("referral" if is_assessed else "forward", email, mail, _("at once"))


def _notice(
    kind: str, email: str, contact: Contact | None, *, lines: Iterable[Line], hotline_id: int, when: str
) -> MessagePreview:
    mail = notice_mail(
        kind,
        list(lines),
        hotline=people.hotline(hotline_id),
        link=_link(compose.NOTICE),
        mark=MARK,
        language=language_for(contact.languages if contact else ()),
    )
    return _preview(kind, email, mail, when or _("at once"))


def _preview(kind: str, to: str, mail: Mail, when: str) -> MessagePreview:
    return MessagePreview(kind, to, mail.subject, mail.body, mail.attachments, when)


def _waiting(contact: Contact | None, kind: str, case_id: int) -> list[Line]:
    if contact is None:
        return []
    notice = Notice.objects.filter(contact=contact, kind=kind, state="waiting").order_by("-pk").first()
    items = [item for item in compose.items_to_send(notice) if item.case_id != case_id] if notice else []
    return compose.lines_of(items)


def _after_police() -> str:
    hours = f"{settings.LEEWARD.police_wait_hours:g}"
    return _("when the police agree, or %(hours)s hours after they were told") % {"hours": hours}


def _link(page: str) -> str:
    return LINK.format(base=settings.LEEWARD.base_url, page=page)
