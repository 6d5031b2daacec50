"""Data for the administrator's pages: the checklist of a portal, each point derived from a fact."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leeward.administration.models import ReferralTest
from leeward.administration.rules.checklist import Point
from leeward.blocklist.rules.hearing import may_find_somebody
from leeward.casework.queries import cases_held
from leeward.foundation.crypto.tokens import read_token
from leeward.installation.queries import config_now, works
from leeward.intake.queries import rehearsal_of
from leeward.languages.messages import Review, catalogues
from leeward.languages.queries import reviews_of
from leeward.laws.queries import is_reviewed
from leeward.oncall.queries import readiness
from leeward.people import queries as people_queries
from leeward.people.queries import ChildLines, InvitationRow, PortalRow, ReviewRow, StaffCard, StaffRow, TokenRow

TEST = "referral-test"  # the purpose of the links in test referrals
BACKUP_DAYS = 8
BACKUP_MARK = "backup-done"


@dataclass(frozen=True, slots=True)
class ReferralTestRow:
    """A test referral: its address, when it was sent, what went wrong, when it was confirmed."""

    id: int
    hotline_id: int
    portal_id: int
    to: str
    sent_at: datetime | None
    code: int
    problem: str
    confirmed_at: datetime | None


def _row(test: ReferralTest) -> ReferralTestRow:
    return ReferralTestRow(
        test.pk,
        test.hotline_id,
        test.portal_id,
        test.to,
        test.sent_at,
        test.code,
        test.problem,
        test.confirmed_at,
    )


def test_behind(link: str) -> ReferralTestRow | None:
    """Return the test referral that a link belongs to, or None."""
    number = read_token(settings.LEEWARD.secret_bytes, TEST, link)
    found = ReferralTest.of_every_hotline.filter(pk=number).first() if number else None
    return _row(found) if found else None


def last_test(portal: PortalRow) -> ReferralTestRow | None:
    """Return the newest test referral to the portal's current address; a confirmed one takes precedence over a newer one."""
    sent = ReferralTest.objects.filter(portal_id=portal.id, to=portal.police_email)
    found = sent.order_by(F("confirmed_at").desc(nulls_last=True), "-id").first()
    return _row(found) if found else None


def checklist(portal: PortalRow, test: ReferralTestRow | None, lines: ChildLines) -> list[Point]:
    """Return every point for a portal, in the hotline's scope."""
    staff, without_factor = people_queries.staff_and_unsecured(portal.hotline_id)
    return [_emergency(portal, lines), _who_runs_it(portal), _languages(portal), _law(portal), _factors(without_factor), _appeals(staff), _backup(),
            _mail(), _paging(portal, staff), _police(portal, test), _test_report(portal)]  # fmt: skip


def _emergency(portal: PortalRow, lines: ChildLines) -> Point:
    if not portal.emergency_number:
        return Point("emergency", False, _("No emergency number is entered. It is shown at the top of every step."))
    if portal.emergency_is_due:
        if portal.emergency_confirmed_at:
            text = _("Nobody has confirmed the emergency number for a year. Ask the police, then confirm it.")
        else:
            text = _("The emergency number is entered. Nobody has confirmed it: ask the police, then confirm it.")
        return Point("emergency", False, text, "helplines")
    if not lines.shown:
        text = _("The emergency number is entered. No helpline for children is confirmed: call one, then confirm it.")
        return Point("emergency", True, text, "helplines")
    if lines.due:
        text = _("The emergency number is entered. A helpline has to be confirmed again: call it.")
        return Point("emergency", True, text, "helplines")
    return Point("emergency", True, _("The emergency number is entered, and a helpline for children is confirmed."))


def _who_runs_it(portal: PortalRow) -> Point:
    missing = [
        str(word)
        for word, is_there in (
            (_("who runs it"), portal.run_by),
            (_("whom it is accountable to"), portal.accountable_to),
            (_("how it is reached"), portal.reached_at or portal.email),
        )
        if not is_there
    ]
    if missing:
        text = _("The front page doesn’t say: %(missing)s.") % {"missing": ", ".join(missing)}
        return Point("who_runs_it", False, text)
    return Point(
        "who_runs_it", True, _("The front page says who runs this, to whom they answer and how to reach them.")
    )


def _languages(portal: PortalRow) -> Point:
    known = catalogues()
    reviews = reviews_of([tag for tag in portal.languages if tag != "en"])  # English is the source text
    unread = [
        people_queries.own_name(tag) for tag, review in reviews.items() if tag not in known or not _is_read(review)
    ]
    if unread:
        names = ", ".join(unread)
        return Point("languages", False, _("Nobody who speaks it has read it through: %(names)s.") % {"names": names})
    return Point("languages", True, _("Every language of the portal has been read through."))


def _is_read(review: Review) -> bool:
    return review.reviewed_by is not None or review.made_by == "people"


def _law(portal: PortalRow) -> Point:
    if is_reviewed(portal.country):
        return Point("law", True, _("A lawyer has read the law file of this country."))
    return Point("law", False, _("No lawyer of this country has read its law file, or there is none."))


def _factors(without: int) -> Point:
    if settings.LEEWARD.demonstration:
        return Point("second_factor", True, _("Nobody needs one in the demonstration."))
    if not without:
        return Point("second_factor", True, _("Everybody who can sign in has a second factor."))
    text = ngettext("%(n)d account has no second factor.", "%(n)d accounts have no second factor.", without)
    return Point("second_factor", False, text % {"n": without})


def _appeals(staff: list[StaffRow]) -> Point:
    if may_find_somebody(staff):
        return Point("appeals", True, _("Somebody uninvolved is available for an appeal against a block."))
    text = _("Nobody uninvolved may be available for an appeal against a block: then the block is suspended.")
    return Point("appeals", False, text)


def backup_done_at() -> datetime | None:
    """Return when a backup last finished: the time of the file `backup-done` in the data directory."""
    try:
        return datetime.fromtimestamp((settings.LEEWARD.data_dir / BACKUP_MARK).stat().st_mtime, UTC)
    except OSError:
        return None


def _backup() -> Point:
    done_at = backup_done_at()
    if done_at is None:
        return Point("backup", False, _("No backup has ever reported that it finished."))
    if datetime.now(UTC) - done_at > timedelta(days=BACKUP_DAYS):
        return Point("backup", False, _("The last backup was done on %(day)s.") % {"day": done_at.date().isoformat()})
    return Point("backup", True, _("The last backup is less than %(days)d days old.") % {"days": BACKUP_DAYS})


def _mail() -> Point:
    if works("mail"):
        return Point("mail", True, _("The mail server accepted a test message with its current settings."))
    if not config_now().smtp_host:
        return Point("mail", False, _("No mail server is set, so no mail goes out."))
    return Point("mail", False, _("The mail server has not accepted a test message with its current settings."))


def _paging(portal: PortalRow, staff: list[StaffRow]) -> Point:
    ready = readiness(portal, staff)
    if not ready.has_on_call:
        return Point("paging", False, _("Nobody is on call: nobody on the portal’s list is switched on."))
    if not ready.has_way:
        return Point("paging", False, _("No message can reach whoever is on call now."), "paging_way")
    if ready.gaps:
        zone, gap = ZoneInfo(portal.time_zone), ready.gaps[0]
        values = {"start": gap.starts.astimezone(zone), "end": gap.ends.astimezone(zone)}
        text = _("Nobody is on call from %(start)s to %(end)s.")
        return Point(
            "paging", False, text % {name: f"{at:%Y-%m-%d %H:%M}" for name, at in values.items()}, "paging_gap"
        )
    if ready.tested_at is None:
        return Point("paging", True, _("Somebody is on call. No test page was acknowledged yet."))
    return Point("paging", True, _("Somebody is on call and has acknowledged a test page."))


def _police(portal: PortalRow, test: ReferralTestRow | None) -> Point:
    if not portal.police_email:
        return Point("police", False, _("The portal has no police address."), "police_address")
    if test is None:
        return Point("police", False, _("No test referral was sent to the address of the police."))
    if test.confirmed_at:
        return Point("police", True, _("The police have confirmed a test referral."))
    if test.sent_at:
        text = _("A test referral is on its way; the police have not confirmed it yet.")
        return Point("police", False, text, "police_wait")
    return Point("police", False, _("The last test referral could not be sent."))


def _test_report(portal: PortalRow) -> Point:
    far = rehearsal_of(portal.id)
    if far == "decided":
        return Point("test_report", True, _("A test report came in by the form and was decided."))
    if far == "came":
        return Point("test_report", False, _("A test report came in; nobody has decided it yet."), "test_report_wait")
    return Point("test_report", False, _("No test report was sent by the form."))


@dataclass(frozen=True, slots=True)
class Leaving:
    """What ends when somebody leaves: the cases they hold, keys that they made, pending invitations, also of outside reviewers."""

    account: StaffCard
    cases: int
    keys: list[TokenRow]
    unknown_keys: int
    invitations: list[InvitationRow]
    reviews: list[ReviewRow]


def leaving(account_id: int, hotline_id: int, now: datetime) -> Leaving | None:
    """Return what will happen if this account of the hotline is closed, or None if there is no such account."""
    card = people_queries.staff_card(account_id, hotline_id)
    if card is None:
        return None
    good = [row for row in people_queries.tokens_of(hotline_id) if row.revoked_at is None]
    return Leaving(
        account=card,
        cases=cases_held(account_id),
        keys=[row for row in good if row.made_by == account_id],
        unknown_keys=sum(row.made_by is None and row.is_good(now.date()) for row in good),
        invitations=people_queries.invitations_waiting(hotline_id, by=account_id),
        reviews=people_queries.reviews_open_by(account_id, now),
    )
