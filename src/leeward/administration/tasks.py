"""Letters to staff, sent when somebody is invited, or when something shared by all hotlines here is proposed or decided."""

import time
from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.administration.handing import offer_of
from leeward.administration.services.former_police import tell_former_police
from leeward.administration.services.handing_over import SWEEP, bring_after, offer_of_portal
from leeward.administration.services.inviting import send_invitation
from leeward.administration.services.mail_trial import send_trial_letters
from leeward.administration.services.persons import end_requests_of
from leeward.administration.services.restoring import date_anew, mend_restorings
from leeward.capacity.queries import courses_running_out, sessions_ahead
from leeward.hashbank.queries import newest_decision, uploads_waiting
from leeward.installation.queries import runs_it
from leeward.installation.services import carry_out
from leeward.intake.queries import report
from leeward.jobs.clockwatch import when_settled
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job, subscribe
from leeward.languages.proposals import proposer_of as proposer_of_texts
from leeward.laws.pages.changes import proposer_of as proposer_of_law
from leeward.notices.services import tell_person, tell_staff
from leeward.people.queries import (
    PortalChangeRow,
    hotlines,
    is_overtaken,
    password_given,
    portal,
    portal_change,
    portals_with_due_numbers,
    review,
)
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR, TRANSLATOR
from leeward.people.rules.reach import MAIL_SERVER, SETTINGS, matters

AT_A_TIME_SECONDS = 60.0
when_settled(mend_restorings)


@subscribe("invitation.made", tries=6, first_delay=timedelta(minutes=1))
def send_letter(subject_id: int) -> None:
    """Send the letter of an invitation; retried if the mail server can't be reached."""
    send_invitation(subject_id)


@subscribe("account.closed")
def end_requests(subject_id: int) -> None:
    """End what somebody who left asked for about a person's data: no second person confirms it for them."""
    end_requests_of(subject_id)


@subscribe("law.edit_proposed")
def tell_of_proposed_law(subject_id: int) -> None:
    """Tell the deciding hotline that another one proposes a change of the register."""
    path = f"/desk/law/changes/{subject_id}"
    _tell_deciders(subject_id, "law_proposed", path, "/desk/law", (SUPERVISOR, ADMINISTRATOR))


@subscribe("shared_text.proposed")
def tell_of_proposed_texts(subject_id: int) -> None:
    """Tell the deciding hotline that another one proposes shared texts."""
    every = "/desk/languages/proposals"
    _tell_deciders(subject_id, "texts_proposed", f"{every}/{subject_id}", every, (ADMINISTRATOR, TRANSLATOR))


@subscribe("law.edit_decided")
def tell_of_decided_law(subject_id: int) -> None:
    """Tell whoever proposed a change of the register what was decided."""
    _tell_proposer(proposer_of_law(subject_id), subject_id, "law_decided", f"/desk/law/changes/{subject_id}")


@subscribe("shared_text.decided")
def tell_of_decided_texts(subject_id: int) -> None:
    """Tell whoever proposed shared texts what was decided."""
    path = f"/desk/languages/proposals/{subject_id}"
    _tell_proposer(proposer_of_texts(subject_id), subject_id, "texts_decided", path)


@subscribe("outside_review.invited")
def tell_reviewer(subject_id: int) -> None:
    """Write to somebody of another hotline that they are invited to review something; the letter doesn't say what it is
    about."""
    row = review(subject_id)
    if row is not None and row.state == "open":
        path = f"/desk/outside-reviews/{subject_id}"
        key = f"outside_review {subject_id}"
        tell_person(row.account_hotline_id, row.account_id, what="outside_review", key=key, path=path)


@subscribe("password.given")
def tell_owner_of_password(subject_id: int) -> None:
    """Write to the owner of an account which administrator gave it a first password."""
    given = password_given(subject_id)
    if given is not None and given.by_id is not None:
        key = f"password_given {subject_id} {given.number}"
        tell_person(given.hotline_id, subject_id, what="password_given", key=key, path="/desk/account/")


@subscribe("portal.change_asked")
def tell_of_asked_change(subject_id: int) -> None:
    """Write to everybody who could be the second person that a change which takes two is waiting."""
    change = portal_change(subject_id)
    if change is not None and not change.outcome:
        _tell_those_in_charge(change, "asked")


@subscribe("portal.change_confirmed")
def tell_of_confirmed_change(subject_id: int) -> None:
    """Write to everybody who manages portals what has changed, whoever confirmed it."""
    change = portal_change(subject_id)
    if change is not None:
        _tell_those_in_charge(change, "changed")


@subscribe("portal.change_confirmed", tries=6, first_delay=timedelta(minutes=1))
def tell_police_before(subject_id: int) -> None:
    """Write, without encryption, to the police address whose letters now go elsewhere or look different."""
    tell_former_police(subject_id)


@subscribe("portal.change_asked", tries=6, first_delay=timedelta(minutes=1))
def try_mail_server(subject_id: int) -> None:
    """Send everybody who could confirm another mail server a test letter through it."""
    send_trial_letters(subject_id)


@subscribe("portal.change_confirmed")
def set_as_agreed(subject_id: int) -> None:
    """Apply the settings of the installation that two people agreed on, unless newer ones have been agreed on since."""
    agreed = portal_change(subject_id)
    if agreed is not None and agreed.what in (MAIL_SERVER, SETTINGS) and not is_overtaken(agreed):
        carry_out(agreed)


@subscribe("portal.offered")
def tell_of_offer(subject_id: int) -> None:
    """Tell those who can take over a portal that it is offered to them."""
    row = offer_of(subject_id)
    if row is not None and row.to_id is not None and not row.outcome:
        path, every_offer = f"/desk/administration/offers/{subject_id}", "/desk/administration/offers"
        key, roles = f"portal_offered {subject_id}", (ADMINISTRATOR, SUPERVISOR)
        tell_staff(row.to_id, what="portal_offered", key=key, path=path, roles=roles, list_path=every_offer)


@subscribe("portal.offer_answered")
def tell_of_answered_offer(subject_id: int) -> None:
    """Tell whoever offered a portal that it was taken over or refused."""
    row = offer_of(subject_id)
    if row is not None and row.asked_by_id is not None:
        path, key = f"/desk/administration/portals/{row.portal_id}/hand-over", f"portal_answered {subject_id}"
        tell_person(row.hotline_id, row.asked_by_id, what="portal_answered", key=key, path=path)


@job(SWEEP, lease=timedelta(minutes=10))
def bring_after_portal(subject_id: int) -> None:
    """Bring the rest of many reports, and what came in at the moment at which a portal was handed over."""
    _bring_after(subject_id)


@subscribe("report.came_late")
def bring_late(subject_id: int) -> None:
    """Bring a report that waited in the spool while its portal was handed over."""
    bring_added(subject_id)


@subscribe("report.added")
def bring_added(subject_id: int) -> None:
    """Bring a closed report to which its reporter added something after its portal was handed over."""
    row = portal(report(subject_id).portal_id)
    if row.handed_over_at is not None and (number := offer_of_portal(row.id)) is not None:
        _bring_after(number)


def _bring_after(offer_id: int) -> None:
    """Bring what follows for a minute, then let other work have its turn. What can't go yet is tried again later."""
    ends = time.monotonic() + AT_A_TIME_SECONDS
    if bring_after(offer_id, until=lambda: time.monotonic() > ends):
        raise RetryLater(timedelta(seconds=1) if time.monotonic() > ends else timedelta(minutes=5))


@every(timedelta(minutes=10))
def date_restoring_anew() -> None:
    """Let no restoring be in the future, once the clock by which it was is right again."""
    date_anew(datetime.now(UTC))


@every(timedelta(days=1))
def remind_of_helplines() -> None:
    """Remind administrators once a month of helplines and emergency numbers that nobody has confirmed for a year."""
    month = datetime.now(UTC).strftime("%Y-%m")
    for hotline_id, portal_id in portals_with_due_numbers():
        key, path = f"helpline_due {portal_id} {month}", f"/desk/portals/{portal_id}/numbers"
        tell_staff(hotline_id, what="helpline_due", key=key, path=path, roles=(ADMINISTRATOR,))


@every(timedelta(days=1))
def remind_of_training() -> None:
    """Remind supervisors and administrators once of each day within two weeks on which sessions begin, and once a month of training
    that runs out."""
    today = datetime.now(UTC).date()
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            for begins_on, courses in sessions_ahead(today).items():
                _remind_of_training(hotline.id, "training_ahead", f"{begins_on}", courses)
            if ending := courses_running_out(today):
                _remind_of_training(hotline.id, "training_ending", f"{today:%Y-%m}", ending)


def _remind_of_training(hotline_id: int, what: str, when: str, courses: set[int]) -> None:
    path = f"/desk/training/{min(courses)}" if len(courses) == 1 else "/desk/training"
    tell_staff(hotline_id, what=what, key=f"{what} {when}", path=path, roles=(SUPERVISOR, ADMINISTRATOR))


@subscribe("record.decision_waits")
def tell_of_waiting_decision(subject_id: int) -> None:
    """Write to the supervisors that a decision about a known image waits for a second person."""
    _tell_of_known_image(subject_id, waits=True)


@subscribe("list.waits")
def tell_of_waiting_list(subject_id: int) -> None:
    """Write to the supervisors that a list of known images waits for a second person."""
    for row in uploads_waiting():
        if row.pk == subject_id and row.state == "proposed":
            key, path = f"list_asked {subject_id}", f"/desk/bank/uploads/{subject_id}"
            every = "/desk/bank/imports"
            tell_staff(row.hotline_id, what="list_asked", key=key, path=path, roles=(SUPERVISOR,), list_path=every)


@subscribe("record.decision_made")
def tell_of_decision(subject_id: int) -> None:
    """Write to the supervisors that two people have changed what a known image means."""
    _tell_of_known_image(subject_id, waits=False)


def _tell_of_known_image(record_id: int, *, waits: bool) -> None:
    row = newest_decision(record_id, waits=waits)
    if row is not None:
        what = "known_image_asked" if waits else "known_image_changed"
        key, path = f"{what} {row.mark}", f"/desk/bank/{record_id}"
        every = "/desk/bank/unsettled" if waits else ""
        tell_staff(row.hotline_id, what=what, key=key, path=path, roles=(SUPERVISOR,), list_path=every)


def _tell_those_in_charge(change: PortalChangeRow, how: str) -> None:
    path = f"/desk/portals/changes/{change.id}"
    for about in matters(change.what, change.before, change.wanted):
        what = f"{about}_{how}"
        key, every = f"{what} {change.id}", "/desk/oncall" if how == "asked" else ""
        roles = (ADMINISTRATOR, SUPERVISOR)
        tell_staff(change.hotline_id, what=what, key=key, path=path, roles=roles, list_path=every)


def _tell_deciders(subject_id: int, what: str, path: str, every: str, roles: tuple[str, ...]) -> None:
    running = runs_it()
    if running is not None:
        tell_staff(running.id, what=what, key=f"{what} {subject_id}", path=path, roles=roles, list_path=every)


def _tell_proposer(proposer: tuple[int, int] | None, subject_id: int, what: str, path: str) -> None:
    if proposer is not None:
        hotline_id, account_id = proposer
        tell_person(hotline_id, account_id, what=what, key=f"{what} {subject_id}", path=path)
