"""What the role of the public face may do in a PostgreSQL database: nothing but what is named here.

The tables of reports, cases, accounts, jobs, the log, notices, known images and lists are not among them: what visitors send waits
in the spool (`spool/`), sealed by this face, which holds no key that opens it.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from leeward.foundation.errors import BadInput, LeewardError
from leeward.foundation.patterns import Pattern
from leeward.site.reach import Excess, May, excesses, is_role, login

GIVING = 5_461_772_212  # the lock that lets one process at a time give rights
WAITS_SECONDS = 30
AGAIN_SECONDS = 600.0
_ROLE = Pattern(r"[a-z_][a-z0-9_-]{0,62}")
_VERB = Pattern(r"(\w+)(?: \(([^)]*)\))?")


class RoleNotReady(LeewardError):
    """The role of the public face isn't there, or this process may not give it rights."""

    code = "role_not_ready"
    sentence = "The role {role} can’t be given its rights: {why}."
    hint = "docs/how-to/faces.md says how to make the role; who gives it rights must own the tables."
    status = 503


class RoleHasMore(RoleNotReady):
    """The role of the public face can do more than its pages need, and whoever owns the tables can't take that away."""

    code = "role_has_more"
    sentence = (
        "The role {role} of the public pages can do more than they need: it {what}. What takes that away: {statement};"
    )
    hint = "Let it be run by whoever administers PostgreSQL, in this database, then start again (docs/how-to/faces.md)."
    status = 503


@dataclass(frozen=True, slots=True)
class Right:
    """What may be done with a table, in the words of a GRANT, and why; where `columns` are named, with these alone."""

    table: str
    verbs: str
    why: str
    is_apart: bool = False  # where the public face has a file of its own, that alone has the table
    columns: tuple[str, ...] = ()

    @property
    def granted(self) -> str:
        """Return it as a GRANT says it."""
        return f"{self.verbs} ({', '.join(f'"{name}"' for name in self.columns)})" if self.columns else self.verbs


_SHOWN = "shown on public pages"
PUBLIC_RIGHTS = (
    *(
        Right(table, "SELECT", _SHOWN)
        for table in (
            "audit_auditcheckpoint", "audit_auditcosignature", "audit_audithead", "awareness_resource", "backup_losttime",
            "backup_restoration", "blocklist_blocklist", "clocks_ruleversion", "indicators_ownwords", "laws_lawfile", "laws_lawregister",
            "laws_lawrevision", "providers_designatedentity", "quality_samplingrates",
        )
    ),
    Right(
        "people_portal", "SELECT", f"{_SHOWN}; not where the police are written to, nor who of the staff confirmed what",
        columns=(
            "id", "hotline_id", "slug", "name", "country", "mode", "languages", "emergency_number", "emergency_confirmed",
            "emergency_confirmed_at", "police_name", "police_for_hosts", "run_by", "accountable_to", "reached_at", "police_on_danger",
            "police_on_urgent", "own_picture", "own_removal", "police_words", "police_words_at", "exit_url", "time_zone", "working_days",
            "follows_holidays", "holidays", "worked_holidays", "is_open", "takes_reports", "was_opened", "formerly_id", "handed_over_at",
        ),
    ),
    Right(
        "people_hotline", "SELECT", f"{_SHOWN}; not what only its desk goes by",
        columns=("id", "slug", "name", "country", "email", "unused_parts"),
    ),
    Right(
        "people_helpline", "SELECT", f"{_SHOWN}; not who of the staff confirmed it",
        columns=(
            "id", "portal_id", "whom", "name", "names", "number", "text_number", "whatsapp", "chat_url", "url", "hours", "zone", "charge",
            "languages", "access", "source", "is_shown", "confirmed_at",
        ),
    ),
    Right(
        "people_recording", "SELECT", "played on public pages; not who of the staff kept it, and when",
        columns=("id", "portal_id", "page", "language", "media_type", "sha256", "seconds", "body", "is_shown"),
    ),
    Right("audit_audittip", "SELECT", "which logs there are; not the salt that covers their old rows", columns=("chain",)),
    Right(
        "indicators_publication", "SELECT", f"{_SHOWN}; not what was counted where that is hidden",
        columns=(
            "id", "hotline_id", "portal_id", "year", "edition", "shown", "rounded", "medians", "typed", "note", "at", "by_id",
            "changed_at", "changed_by_id",
        ),
    ),
    Right(
        "publishing_subscriber", "SELECT", "which mobile operators there are",
        columns=("id", "hotline_id", "slug", "name", "kind", "ended_at"),
    ),
    Right(
        "publishing_evidence", "SELECT", "when they were last seen to keep a promise",
        columns=("id", "hotline_id", "subscriber_id", "commitment", "on"),
    ),
    Right("audit_keyprint", "SELECT", "the keys of this process are compared with their fingerprints"),
    Right("django_migrations", "SELECT", "a face of another version doesn’t start"),
    Right("spool_arrival", "SELECT, INSERT, UPDATE (is_urgent)", "what visitors send waits here, sealed, for the desk", is_apart=True),
    Right("spool_card", "SELECT", "what receipts show, as the desk wrote it", is_apart=True),
    Right("publishing_stopcount", "SELECT, INSERT, UPDATE", "how often the stop page was shown", is_apart=True),
    Right("sealing_wordskey", "SELECT", "to whom words are sealed"),
    *(
        Right(f"web_security_{table}", "SELECT, INSERT, UPDATE", "forms are used once, and guessing is slowed", is_apart=True)
        for table in ("bucket", "usedkey")
    ),
)  # fmt: skip


def statements(role: str) -> list[str]:
    """Return what gives a role these rights and takes away all others that who owns the tables gave it, or everybody: in tables, their
    columns, and sequences. Raises BadInput."""
    if not _ROLE.fullmatch(role):
        raise BadInput(what="LEEWARD_PUBLIC_ROLE", why="a role has small letters, digits, _ and -")
    name = f'"{role}"'
    lines = [
        f"REVOKE ALL ON ALL {what} IN SCHEMA public FROM {name}, PUBLIC CASCADE" for what in ("TABLES", "SEQUENCES")
    ]
    lines += [f"REVOKE CREATE ON SCHEMA public FROM {name}, PUBLIC", f"GRANT USAGE ON SCHEMA public TO {name}"]
    return lines + [f"GRANT {right.granted} ON {right.table} TO {name}" for right in PUBLIC_RIGHTS]


def give_rights() -> None:
    """Give the public face's role its rights, where one is named; at every start, since an upgrade makes new tables. Raises
    RoleNotReady, RoleHasMore and BadInput."""
    role = settings.LEEWARD.public_role
    if not role or connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Whoever has taken the face over may hold the tables.
            cursor.execute(f"SET LOCAL lock_timeout = '{WAITS_SECONDS}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GIVING])  # two at once would stop one of them
            cursor.execute("SELECT pg_has_role(%s, current_user, 'MEMBER')", [role])
            if cursor.fetchone() != (False,):  # no grant limits who owns the tables, or may become their owner
                need_no_more(role)  # names what makes it so
                raise RoleNotReady(role=role, why="it is, or may become, the owner of the tables")
            for line in statements(role):
                cursor.execute(line)
        need_no_more(role)  # what was taken away stays so, whatever is left
    except DatabaseError as error:
        raise RoleNotReady(role=role, why=str(error).splitlines()[0]) from error


def need_no_more(role: str = "") -> None:
    """Raises RoleHasMore if the role, or the one that the public face has signed in as, can do anything but what is named here."""
    if not settings.LEEWARD.public_role or connection.vendor != "postgresql":
        return
    role = role or login()
    if found := beyond(role):
        raise RoleHasMore(role=role, what=found[0].what, statement=found[0].statement)


def beyond(role: str) -> list[Excess]:
    """Return what a role can really do beyond these rights, by whatever way, the gravest first."""
    return excesses(role, _allowed())


class _Seen:
    """What this process saw last, and when."""

    found: Excess | None = None
    at: float | None = None


def seen_beyond() -> Excess | None:
    """Return the gravest thing that the public face's role can do beyond these rights, as seen within the last minutes: grants are given
    while faces run, too. None where there is no such role."""
    role = settings.LEEWARD.public_role
    if not role or connection.vendor != "postgresql":
        return None
    if _Seen.at is None or time.monotonic() - _Seen.at > AGAIN_SECONDS:
        _Seen.found = next(iter(beyond(role)), None) if is_role(role) else None
        _Seen.at = time.monotonic()
    return _Seen.found


def forget() -> None:
    """Look anew when next asked."""
    _Seen.at = None


def is_there(role: str) -> bool:
    """Return whether the database knows the role."""
    return is_role(role)


def _allowed() -> frozenset[May]:
    return frozenset(
        (right.table, column.strip(' "'), found[1])
        for right in PUBLIC_RIGHTS
        for found in _VERB.finditer(right.granted)
        for column in (found[2] or "").split(",")
    )


def as_markdown() -> str:
    """Return the table for the documents."""
    rows = [
        f"| `{right.table}` | {right.granted.replace('"', '')} | {right.why} |"
        for right in sorted(PUBLIC_RIGHTS, key=lambda one: one.table)
    ]
    return "\n".join(["| table | rights | what for |", "|---|---|---|", *rows]) + "\n"
