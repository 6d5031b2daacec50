"""The alarms: what each says, what to do about it, and which of them keep reports or urgent cases from moving."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.oncall.labels import ALARMS as PAGING
from leeward.site.models import ABOUT_MOST

EVERYWHERE = 0  # instead of a hotline: the whole installation

_ANOTHER_NAME = _("The log %(what)s goes on under another name since %(since)s (UTC).")
_LOW_THERE = _("The disk of %(what)s is nearly full.")
SENTENCES: dict[str, str | Promise] = {
    "worker_silent": _("The worker is silent: reports don’t become cases, nobody is paged and nothing is sent."),
    "worker_missing": _("The worker %(what)s has been silent since %(since)s (UTC), though another works."),
    "database_locked": _("The database has been locked for more than a minute: nothing can be stored."),
    "urgent_waits": _("Urgent work has waited for more than a minute."),
    "work_late": _("Work has waited for more than 15 minutes."),
    "not_cases": _("Reports that are not cases yet: %(count)s."),
    "without_case": _("Reports for which no case will be opened: %(count)s."),
    "given_up": _("Jobs that failed for good and need a person: %(count)s."),
    "hanging": _("Repeating jobs that took too long and were stopped: %(count)s."),
    "no_form": _("No form of this hotline takes reports: every portal is closed or hidden."),
    "closed": _("Every form of this hotline was closed on purpose: nobody can report here now."),
    "sms_unanswered": _(
        "People who wrote a text message to %(portal)s in the last hour and got no answer, because too many came: %(count)s. "
        "What they wrote was taken."
    ),
    "disk_low": _("The disk is nearly full."),
    "disk_full": _("The disk is full: nothing can be stored."),
    "database_disk_full": _("The disk of the database server is full: nothing can be stored."),
    "public_disk_low": _LOW_THERE,
    "public_disk_full": _("The disk of %(what)s is full: nothing that comes in on the public pages can be stored."),
    "backup_disk_failing": _LOW_THERE,
    "key": _("%(what)s"),
    "words_unused_stay": _("%(what)s"),
    "index_damaged": _(
        "The index of known images was damaged (%(field)s). It has been built again; the disk may be failing."
    ),
    "index_failing": _("The index of known images has not been brought up to date since %(since)s (UTC)."),
    "source_old": _("Known images could not be pulled from a source for a day."),
    "restored": _(
        "This installation was restored from a backup of %(backup)s (UTC). What came and what was done after that is lost "
        "here, and nothing goes out until somebody confirms it."
    ),
    "moved": _(
        "This hotline was moved here from another installation, as it was on %(backup)s (UTC). What came in and was done there "
        "after that is not here, and nothing goes out until somebody confirms it."
    ),
    "log_contradicted": _(
        "%(what)s has seen another state of the log than there is here: rows were removed or changed."
    ),
    "log_forked": _("The log %(what)s, which is witnessed here, shows two histories."),
    "log_damaged": _("A checkpoint of the log is damaged: %(what)s."),
    "log_anew": _ANOTHER_NAME,
    "log_name_failing": _ANOTHER_NAME,
    "log_unsigned": _("The log has not been signed for more than two hours: %(what)s."),
    "signer_failing": _("%(what)s"),
    "log_silent": _("The log %(what)s, which is witnessed here, has shown nothing for more than a day."),
    "witness_old": _("The witness %(what)s has not cosigned the log for more than a day."),
    "mail_failing": _(
        "The mail server has not taken letters since %(since)s (UTC): the police and hosts are not told."
    ),
    "mailbox_failing": _("The mailbox could not be read since %(since)s (UTC): answers are not seen."),
    "names_failing": _(
        "The name servers have not answered since %(since)s (UTC): nobody sees where anything is hosted."
    ),
    "registries_failing": _("Registries have not answered since %(since)s (UTC): it is not known whom to write to."),
    "clock_failing": _("This machine’s clock is more than two minutes off: deadlines and signatures are wrong."),
    "decoders_silent": _(
        "The service that decodes files doesn’t answer (%(what)s): no page or picture is looked at, and no PDF is made."
    ),
    "decoders_failing": _(
        "Since %(since)s (UTC) no file can be decoded: no page or picture is looked at, and no PDF is made."
    ),
    "matcher_failing": _("The service that checks uploads doesn’t answer, or refuses its list (%(what)s)."),
    "certificate_failing": _("The certificate of %(what)s ends within two weeks, or browsers don’t trust it."),
    "lists_failing": _("A blocking list has not been published since %(since)s (UTC)."),
    "backup_failing": _("There has been no backup since %(since)s (UTC)."),
    "proof_failing": _("No backup has been restored for trial and found good since %(since)s (UTC). %(what)s"),
    "clock_jumped": _(
        "The clock of this machine jumped from %(before)s to %(after)s (UTC). Until somebody confirms that it is right, no wait "
        "for the police ends and nothing is deleted because it is old."
    ),
    "public_old": _("The public pages have not been brought up to date since %(since)s (UTC). %(what)s"),
    "public_reach": _("The public pages can do more in the database than they need (role %(role)s: %(what)s)."),
    "urgent_untold": _("Urgent cases that the police have not been told of: %(count)s."),
    "police_late": _("Letters to the police that could not be delivered for hours: %(count)s."),
    "spool_waits": _("What came in on the public pages has waited for more than a minute, and can’t be taken in."),
    "spool_kept_back": _(
        "What came in on the public pages and could not be taken in: %(count)s. It is kept, and tried again each night."
    ),
    "not_asked": _("A check could not be made, so it isn’t known whether something is wrong: %(what)s."),
    **PAGING,
}
_KNOWN_REASON = _(
    "After a restoring, a move or a lost signer that you know of, that is as it should be. If you know of none, somebody may have "
    "changed the database: docs/how-to/log.md says how to find out what happened."
)
_SERVE = _("Whoever runs the server must check whether leeward serve is running, and what it reports.")
_ROOM = _("Whoever runs the server makes room there, or moves the data to a larger disk.")
_REPORTS = _("They can be read under Reports. Whoever runs the server checks what leeward serve reports.")
HINTS: dict[str, str | Promise] = {
    "worker_silent": _SERVE,
    "worker_missing": _SERVE,
    "index_failing": _SERVE,
    "source_old": _SERVE,
    "database_locked": _(
        "Whoever runs the server ends the program that locks it: fuser leeward.sqlite3 names those that have it open."
    ),
    "urgent_waits": _SERVE,
    "work_late": _SERVE,
    "not_cases": _REPORTS,
    "without_case": _REPORTS,
    "hanging": _("They are tried again. Whoever runs the server sees in what leeward serve reports which they are."),
    "disk_full": _ROOM,
    "database_disk_full": _(
        "Whoever runs the PostgreSQL server makes room where it keeps its tables: that is not the data directory of Leeward."
    ),
    "disk_low": _ROOM,
    "public_disk_low": _ROOM,
    "public_disk_full": _ROOM,
    "backup_disk_failing": _ROOM,
    "spool_waits": _SERVE,
    "not_asked": _SERVE,
    "mail_failing": _("Test it on the desk, under Administration, Installation. What waits goes out once it works."),
    "mailbox_failing": _("Test it on the desk, under Administration, Installation."),
    "names_failing": _(
        "Test them on the desk, under Administration, Installation. What waits is looked up once they answer."
    ),
    "registries_failing": _("Check this machine’s way to the Internet. What waits is looked up once they answer."),
    "clock_failing": _(
        "Whoever runs the server sets it, and lets it be set by time servers (chrony, systemd-timesyncd)."
    ),
    "decoders_silent": _("Whoever runs the server sees what systemctl status leeward-decoder.socket says."),
    "decoders_failing": _(
        "Whoever runs the server checks whether its memory is full, and restarts Leeward. What waits is fetched again then."
    ),
    "matcher_failing": _SERVE,
    "certificate_failing": _("Whoever runs the server renews it; without one nobody can report."),
    "lists_failing": _("See Blocking lists on the desk, and the failed jobs, under Outbox."),
    "backup_failing": _("Whoever runs the server runs leeward backup create, and sees what it says."),
    "proof_failing": _("Whoever has the key runs leeward backup verify, and sees what it says."),
    "no_form": _("If that is not intended, open or show one, under Administration, Portals: it takes two people."),
    "closed": _("Opening or showing one again takes two people, under Administration, Portals."),
    "given_up": _("They are among the failed jobs, under Outbox."),
    "sms_unanswered": _(
        "Senders can be made up, and each answer costs money. If they are real, whoever runs the server raises "
        "LEEWARD_SMS_ANSWERS_AN_HOUR."
    ),
    "index_damaged": _("Have the disk examined, and see that backups are being made."),
    "log_contradicted": _("Don’t restore or delete anything. docs/how-to/log.md says how to find out what happened."),
    "log_damaged": _("Don’t restore or delete anything. docs/how-to/log.md says how to find out what happened."),
    "log_forked": _("Call the people who run it: the evidence is kept here. docs/how-to/log.md says what it means."),
    "log_anew": _KNOWN_REASON,
    "log_name_failing": _KNOWN_REASON,
    "signer_failing": _("leeward audit checkpoint says why the signer doesn’t sign it."),
    "log_unsigned": _("leeward audit checkpoint says why the signer doesn’t sign it."),
    "log_silent": _("Ask the people who run it: it may be gone, or go on under another name (docs/how-to/log.md)."),
    "witness_old": _("Ask the people who run it; leeward witness list shows what it answers."),
    "clock_jumped": _(
        "If it is right now, whoever runs the server says so with leeward clock confirm; if it is wrong, they set it right."
    ),
    "public_old": _("docs/how-to/faces.md says who may write there, and how the file is made anew."),
    "public_reach": _(
        "Whoever administers PostgreSQL takes that away: leeward doctor --deploy names the statement, and docs/how-to/faces.md says more."
    ),
    "restored": _("An administrator confirms it, under Administration, Restored or moved here."),
    "moved": _("An administrator confirms it, under Administration, Restored or moved here."),
    "spool_kept_back": _(
        "Supervisors see it under Reports, Kept back; whoever runs the server with leeward spool list."
    ),
    "police_late": _(
        "They are under Outbox, Waiting, and are tried again. If other mail goes out, ask the police what is wrong with their mailbox."
    ),
    "urgent_untold": _(
        "Tell the police by telephone, and record it with the case, under Police. Check whether the "
        "mail server accepts mail."
    ),
}
# On which page of the desk more is to be seen, and what one has to be allowed to do for it.
PAGES = {
    "spool_kept_back": ("intake-desk:list-kept-back", "arrival.settle"),
    "source_old": ("hashbank:list-live-sources", "hash.exchange"),
}
# While one of these is active, nobody can report, a report may not become a case, or staff or the police aren't told
# about an urgent one; or nobody knows.
STOPS_CASES = frozenset(
    {
        *("worker_silent", "database_locked", "urgent_waits", "not_cases", "without_case", "no_form"),
        *("disk_full", "database_disk_full", "public_disk_full", "key", "spool_waits", "not_asked"),
    }
)
STOPS_URGENT = frozenset({"page_reaches_nobody", "urgent_untold", "restored", "moved"})


type Key = tuple[str, int, str]
MARK = "@"  # what is known of one machine only begins with this, its name and a space


def mark_of(machine: str) -> str:
    """Return what the name of each alarm that was seen on this machine only begins with."""
    return f"{MARK}{machine[:64]} "


def is_seen_from(machine: str, key: Key) -> bool:
    """Return whether a machine can say that what is known by this key is over: it is not of another one."""
    return not key[2].startswith(MARK) or key[2].startswith(mark_of(machine))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong: a code of `SENTENCES`, the hotline concerned or `EVERYWHERE`, the values of its sentence, and
    which of several things that can be ill in this way at the same time, by a name that stays."""

    code: str
    hotline_id: int
    values: tuple[tuple[str, object], ...] = ()
    about: str = ""
    machine: str = ""
    """The machine that it was seen on, if each sees its own."""

    @property
    def key(self) -> Key:
        """Return what it is known by for as long as it lasts."""
        seen = f"{mark_of(self.machine)}{self.about}" if self.machine else self.about
        return self.code, self.hotline_id, seen[:ABOUT_MOST]

    @property
    def text(self) -> str:
        """Return the sentence, in the reader's language."""
        return str(SENTENCES[self.code]) % dict(self.values)

    @property
    def hint(self) -> str:
        """Return what to do, or nothing if the sentence says it."""
        return str(HINTS.get(self.code, ""))
