"""After restoring from a backup: nothing is said twice, and no number is given twice."""

import time
from collections.abc import Iterable
from datetime import datetime

from django_scopes import scope

from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.backup import services as backup_services
from leeward.backup.errors import NothingToConfirm, StillBeingDone
from leeward.backup.queries import RestorationRow, last_restoration, times_lost
from leeward.casework import services as casework_services
from leeward.casework.queries import cases_first_informed_since
from leeward.exchange import services as exchange_services
from leeward.foundation.actor import Actor
from leeward.foundation.errors import require
from leeward.hashbank import services as hashbank_services
from leeward.installation.queries import may_set
from leeward.jobs.clockwatch import Settled, is_in_doubt
from leeward.jobs.clockwatch import confirm as settle
from leeward.jobs.queries import undone
from leeward.jobs.services import forget_workers
from leeward.monitoring.services import CHECK
from leeward.notices import services as notices_services
from leeward.outputs import services as outputs_services
from leeward.people.queries import hotlines
from leeward.people.rules.reading import mark_of
from leeward.people.services import demand_read
from leeward.providers import services as providers_services
from leeward.witnessing.services import tell_witnesses_of_restoring

LOOKS = (CHECK,)  # of these there may be thousands, and each sees what is there now
PATIENCE_SECONDS = 5.0


def take_up(now: datetime) -> bool:
    """Begin with a database that was just restored: numbers jump, and whatever waited to go out is left to a person. Return whether
    it was; doing it again changes nothing. One transaction: a new process finds all of it or nothing."""
    with hotline_transaction(INSTALLATION):
        restored = backup_services.begin_held(now)
        if restored is None:
            return False
        forget_workers(now)
        for hotline in hotlines():
            with scope(hotline=hotline.id), hotline_transaction():
                casework_services.skip_numbers(hotline.id, backup_at=restored.backup_at, now=now)
                notices_services.leave_unsure(now)
                outputs_services.leave_unsure()
                hashbank_services.hold_feedback()
                providers_services.leave_letters_unsure(now)
                notices_services.date_letters_before(restored.restored_at)
                notices_services.wait_for_police(now)
                if not restored.moved:
                    exchange_services.tell_peers_of_restoring(hotline.id)
        if not restored.moved:
            tell_witnesses_of_restoring()
        return True


def begin_numbers(hotline_id: int, now: datetime) -> None:
    """Let the numbers of a hotline that was just opened begin above all that another may have given between a backup and its restoring:
    it may be the same one, which that backup hadn't, and letters of then may name its cases."""
    with scope(hotline=hotline_id), hotline_transaction():
        for lost in times_lost(now):
            if not lost.moved:
                casework_services.skip_numbers(hotline_id, backup_at=lost.backup_at, now=lost.restored_at)


def confirm_clock(*, actor: Actor, now: datetime) -> int:
    """Let a person say that the clock is right now; return how many jumps that settles."""
    return settle(actor, now)


def mend_restorings(settled: Settled) -> None:
    """Where the clock was behind when something was restored, let what is doubted since last as much longer. In the caller's
    transaction."""
    if settled.behind is not None:
        backup_services.clock_was_behind(*settled.behind, since=settled.since)


def date_anew(now: datetime) -> bool:
    """Let a restoring that is dated in the future be of now, since it was by a clock that was ahead and is right again: what was written
    since, until this is noticed, counts as from before it. Return whether it was. Not while nobody knows whether the clock is right."""
    with hotline_transaction(INSTALLATION):
        if is_in_doubt() or not backup_services.date_anew(now):
            return False
        for hotline in hotlines():
            with scope(hotline=hotline.id), hotline_transaction():
                notices_services.date_letters_before(now)
        return True


def read_what_left(
    lines: Iterable[str] | None = None, *, folder: str = "", actor: Actor, now: datetime
) -> notices_services.ReadLog:
    """Read from the mail server's log, or else from a folder of sent mail, which of our messages left since the backup. It changes no
    message. Raises NotAllowed, NothingToConfirm and MailboxUnreadable."""
    require(may_set(actor))
    if lines is not None:
        return notices_services.read_mail_log(lines, actor=actor, now=now)
    return notices_services.read_sent_folder(folder, actor=actor, now=now)


def mark_of_restoration(row: RestorationRow) -> str:
    """Return a mark of a restoring, as the page that lets messages go out again shows it."""
    return mark_of(str(row.backup_at), str(row.restored_at), row.moved)


def confirm_restored(*, actor: Actor, now: datetime) -> int:
    """Let messages go out again, except what was written meanwhile about anything older than the restoring: a person decides about
    each. Return how many those are, with all reports to receivers that wait for a person. For whoever runs the server, who is shown no
    page. Raises NotAllowed, NothingToConfirm, and StillBeingDone while more of it may be written."""
    return _confirm(None, actor, now)


def confirm_restored_as_shown(*, seen: str, actor: Actor, now: datetime) -> int:
    """Do the same by a page that shows the newest restoring (`seen`: its mark): by an older one nobody lets out what another holds. Raises
    EnteredSince too."""
    return _confirm(seen, actor, now)


def _confirm(seen: str | None, actor: Actor, now: datetime) -> int:
    require(may_set(actor))
    left = 0
    _need_done(now)
    with hotline_transaction(INSTALLATION):
        restored = last_restoration()
        if restored is None or restored.confirmed_at is not None:
            raise NothingToConfirm
        if seen is not None:
            demand_read(mark_of_restoration(restored), seen=seen)
        for hotline in hotlines():
            with scope(hotline=hotline.id), hotline_transaction():
                new = cases_first_informed_since(restored.restored_at)
                left += notices_services.leave_unsure(now, new_cases=new, as_of=restored.restored_at)
                left += outputs_services.leave_unsure(new_cases=new)
        if not restored.moved:
            notices_services.read_again_since(restored.backup_at, now)
        backup_services.confirm(actor, now)
    return left


def _need_done(now: datetime) -> None:
    """Raises StillBeingDone while a job of before the restoring is due: what it writes would go out by itself, and may have gone before. What
    such a job began is let come to its end for some seconds; whatever else is being done is never quite done."""
    restored = last_restoration()
    if restored is None or restored.confirmed_at is not None:
        return
    if count := undone(now, before=restored.restored_at, but=LOOKS):
        raise StillBeingDone(count=count)
    until = time.monotonic() + PATIENCE_SECONDS
    while undone(now, but=LOOKS) and time.monotonic() < until:
        time.sleep(0.1)
