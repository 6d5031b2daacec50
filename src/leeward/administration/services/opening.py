"""The test referral before a portal takes reports, and opening the portal."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scope

from leeward.administration import queries
from leeward.administration.errors import NoLongerReady, NoPoliceContact, NotReadyToOpen, OpenedTooSoon
from leeward.administration.labels import POINTS
from leeward.administration.models import ReferralTest
from leeward.administration.rules.checklist import Point, in_the_way, may_ever_open, open_points
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.crypto.tokens import make_token
from leeward.foundation.errors import NotFound
from leeward.installation.queries import config_now
from leeward.installation.services import demand_few_tests, note_use
from leeward.notices.services import Letter, Posted, post
from leeward.people import queries as people_queries
from leeward.people import services as people_services
from leeward.people.queries import PortalChangeRow, PortalRow
from leeward.people.services import authorize
from leeward.web_security.services import use_once

POLICE = Actor("police")


def open_portal(portal: PortalRow, *, despite: bool, actor: Actor) -> int | None:
    """Let a portal take reports; return the number of the change if it waits for a second person. Raises
    NotReadyToOpen, and OpenedTooSoon if points are open and `despite` isn't set."""
    authorize(actor, "portal.edit", portal.hotline_id)
    points = _points(portal)
    missing = open_points(points)
    if not may_ever_open(points):
        raise NotReadyToOpen
    if missing and not despite:
        raise OpenedTooSoon(missing=len(missing))
    return people_services.open_to_reports(portal.id, actor=actor, missing=missing)


def demand_ready(change: PortalChangeRow) -> None:
    """Go through the checklist again when a second person confirms that a portal is opened. Raises NoLongerReady for a
    point without which no portal opens, and for one that came open after somebody asked."""
    if change.portal_id is None or change.wanted.get("takes_reports") is not True:
        return
    new_values = {field.name: change.wanted[field.name] for field in fields(PortalRow) if field.name in change.wanted}
    portal = replace(people_queries.portal(change.portal_id), **new_values)
    with scope(hotline=portal.hotline_id):
        points = _points(portal)
    missing = [code for code in open_points(points) if code in in_the_way(points) or code not in change.missing]
    if missing:
        raise NoLongerReady(points=", ".join(str(POINTS[code]) for code in missing))


def _points(portal: PortalRow) -> list[Point]:
    found = people_queries.portal_with_lines(portal.id, portal.hotline_id)
    if found is None:
        raise NotFound(what=_("portal"))
    return queries.checklist(portal, queries.last_test(portal), found[1])


def close_portal(portal: PortalRow, *, actor: Actor) -> int | None:
    """Stop a portal from taking reports; return the number of the change if it waits for a second person."""
    return people_services.close_to_reports(portal.id, actor=actor)


def referral_letter(portal: PortalRow, number: int = 0) -> Letter:
    """Return the text of a test referral, in the portal's first language; without a number, for the preview, it has no
    link."""
    token = make_token(settings.LEEWARD.secret_bytes, queries.TEST, number) if number else "…"
    with override(portal.languages[0]):
        body = _(
            "Hello,\n\n%(hotline)s will send referrals about child sexual abuse material to this address. "
            "This is a test and does not concern a case.\n\nPlease open this page and press the button, so "
            "that we know it reached you:\n%(link)s\n\nIf this is not the right address, please tell us: "
            "%(email)s\n"
        ) % {
            "hotline": portal.hotline_name,
            "link": f"{settings.LEEWARD.base_url}/referral/test/{token}",
            "email": portal.email or config_now().mail_replies or config_now().mail_from,
        }
        subject = _("A test from %(hotline)s: please confirm") % {"hotline": portal.hotline_name}
    return Letter(portal.police_email, subject, body, portal.hotline_name)


def send_referral_test(portal: PortalRow, *, once: str, actor: Actor) -> Posted | None:
    """Send a test referral to the portal's police contact at once; return None if this form was submitted before.

    The row is created before the letter is sent, so that its link always works. Raises TriedTooOften, so that nobody
    buries a real referral under tests.
    """
    authorize(actor, "portal.edit", portal.hotline_id)
    if not portal.police_email:
        raise NoPoliceContact
    demand_few_tests("referral tests", portal.police_email)
    with hotline_transaction(portal.hotline_id):
        if not use_once(once, purpose="referral-test"):
            return None
        test = ReferralTest.objects.create(
            hotline_id=portal.hotline_id, portal_id=portal.id, to=portal.police_email, asked_at=datetime.now(UTC)
        )
    posted = post(referral_letter(portal, test.pk)) or Posted("later")
    if posted.is_sent:
        note_use("mail", actor=actor)
    with hotline_transaction(portal.hotline_id):
        sent_at = datetime.now(UTC) if posted.is_sent else None
        ReferralTest.objects.filter(pk=test.pk).update(sent_at=sent_at, code=posted.code, problem=posted.problem)
        _record("referral_test.sent" if posted.is_sent else "referral_test.failed", test, actor, {"code": posted.code})
    return posted


def confirm_referral_test(test_id: int) -> None:
    """Record that the police confirmed a test referral through its link. Repeating it changes nothing. In the hotline's
    scope."""
    with hotline_transaction():
        test = ReferralTest.objects.select_for_update().get(pk=test_id)
        if test.confirmed_at is None:
            test.confirmed_at = datetime.now(UTC)
            test.save(update_fields=["confirmed_at"])
            _record("referral_test.confirmed", test, POLICE, {})


def _record(event: str, test: ReferralTest, actor: Actor, facts: dict[str, object]) -> None:
    subject = f"portal:{test.portal_id}"
    record(event, actor=actor, hotline_id=test.hotline_id, subject=subject, facts={"test": test.pk, **facts})
