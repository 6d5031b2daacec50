"""Checks that need what Leeward knows: what the doctor found, the log, who else has seen it."""

import sys
from collections.abc import Iterator

from leeward.audit.queries import chains, unguarded_tables
from leeward.audit.tree.checkpoints import unsigned_for_long
from leeward.foundation.sandbox import apart
from leeward.foundation.sandbox.users import other_user
from leeward.sealing.queries import is_closed_here
from leeward.site import doctor
from leeward.site.deployment.seen import Check, Here, Seen, fails, holds, unseen
from leeward.site.doctor_onion import of_onions
from leeward.site.doctor_words import CLOSED
from leeward.witnessing.queries import OLD, alarms, everything

# The doctor's findings by what they are about: name of the check, what is so where none is there, beginnings of their ids.
FROM_DOCTOR: dict[str, tuple[str, tuple[str, ...]]] = {
    "data_files": (
        "Nobody else on this machine can open the data.",
        ("site.W020", "site.W023", "site.W024", "site.W025", "site.W026", "site.W027", "site.W028", "site.W029"),
    ),
    "demonstration": ("This is no demonstration, and nothing runs faster than it should.", ("site.W001", "site.W002")),
    "fetching": (
        "Fetching reaches no private network, and what hosts are asked is counted.",
        ("site.W003", "site.W035"),
    ),
    "plain_http": ("Nothing leaves without TLS where it could.", ("site.W004", "site.W011", "site.W031")),
    "mail": (
        "Mail leaves by a server that was tried, with TLS, and answers are read.",
        ("site.W005", "site.W006", "site.W007", "site.W012"),
    ),
    "slow_senders": ("A proxy in front waits for slow senders.", ("site.W008", "site.W030")),
    "ways_out": ("Fetches hide who asks, and onion addresses are fetched.", ("site.W009", "site.W010")),
    "backups": (
        "Backups are fresh, and one was restored for trial.",
        (
            "site.E036",
            "site.E051",
            "site.E052",
            "site.E055",
            "site.E056",
            "site.E068",
            "site.W051",
            "site.W052",
            "site.W053",
            "site.W054",
            "site.W055",
            "site.W056",
        ),
    ),
    "room": (
        "There is room on the disk.",
        ("site.E021", "site.E022", "site.E023", "site.E069", "site.E072", "site.W069", "site.W070"),
    ),
    "fences": (
        "Decoders give up files, network and other processes before they see a byte.",
        ("site.W032", "site.W033", "site.E066", "site.E067"),
    ),
    "keys": ("The secret and every key are those that the database knows.", ("audit.E001", "audit.E004", "site.E035")),
    "log_kept": (
        "No witness is silent or contradicts the log, and another user signs it.",
        (
            "audit.E002",
            "audit.E003",
            "audit.W001",
            "audit.W002",
            "audit.W003",
            "audit.W004",
            "audit.W005",
            "witnessing.",
        ),
    ),
    "reached": (
        "Mail, mailbox, name servers, registries, clock, certificate and lists are as they should be.",
        ("site.E060", "site.E061", "site.E062", "site.E063", "site.E064", "site.E074", "site.W060", "site.W061"),
    ),
    "public_file": ("What public pages show is up to date.", ("site.E065",)),
    "public_role": ("The public pages can do nothing more in the database than they need.", ("site.E073",)),
    "words_key": ("What reporters wrote is sealed, and nothing is wrong with its key.", ("sealing.",)),
    "run_by": ("One hotline runs the installation.", ("site.W013",)),
    "adapters": ("What is plugged in loads, and reviewed texts can be read.", ("site.W022", "site.W034")),
    "tables": ("The tables are of this version.", ("site.E030", "site.E031")),
    "second_factor": ("Every account has a second factor.", ("people.W006",)),
    "police": (
        "Every portal has its police and its numbers.",
        ("people.W003", "people.W004", "people.W005", "people.W010", "people.W011"),
    ),
    "portals": (
        "Every hotline has a portal that takes reports.",
        ("people.E001", "people.W002", "people.W007", "people.W009", "people.E003"),
    ),
    "apart": ("Every hotline has somebody without a part for an appeal.", ("people.W008",)),
    "paging": ("Somebody is on call, can be reached, and has answered a trial.", ("oncall.",)),
    "work": (
        "Work is done, nothing is held, and the police were told of what is urgent.",
        ("jobs.", "casework.", "backup.", "notices.", "intake.", "spool."),
    ),
    "banks": (
        "The indexes of known images are whole, and a matcher that was set up answers.",
        ("hashbank.W001", "hashbank.E002", "hashbank.E003", "hashbank.E004", "site.E071"),
    ),
    "sources": (
        "Every source of known images has its agreement, and answers.",
        ("hashbank.W003", "hashbank.W004", "hashbank.W005", "hashbank.W006"),
    ),
    "django": ("Django's own checks find nothing.", ()),
}


_BY_HAND = ("Backups are made in a way of your own.", "Restore the newest on another machine, and read what it says.")
# Those that `onion` shows itself.
OF_ONIONS = ("site.W014", "site.W015", "site.W016")
# What the doctor finds without asking the database.
WITHOUT_TABLES = frozenset(
    "data_files demonstration fetching plain_http slow_senders ways_out backups room fences adapters tables django".split()
)


def from_doctor() -> dict[str, Check]:
    """Return a check for each kind of finding; the doctor looks once for all of them."""
    found = doctor.findings()
    has_tables = not any(_is_of(one.id, FROM_DOCTOR["tables"][1]) for one in found)
    known = set(OF_ONIONS) | {start for _sentence, starts in FROM_DOCTOR.values() for start in starts}

    def check_of(name: str, good: str, starts: tuple[str, ...]) -> Check:
        def check(here: Here) -> Iterator[Seen]:
            mine = [
                one
                for one in found
                if _is_of(one.id, starts) or (name == "django" and not _is_of(one.id, tuple(known)))
            ]
            yield from (fails(one.sentence, one.hint) for one in mine)
            if not has_tables and name not in WITHOUT_TABLES:
                yield unseen(
                    "The database has no tables, or old ones.", "Run leeward setup, or leeward serve, then this again."
                )
            elif name == "words_key" and is_closed_here():
                yield unseen(*CLOSED)
            elif not mine:
                yield from (
                    [holds(f"{good} {_whose()}" if name == "fences" else good)]
                    if name != "backups" or here.config.backup_to
                    else [unseen(*_BY_HAND)]
                )

        return check

    return {name: check_of(name, good, starts) for name, (good, starts) in FROM_DOCTOR.items()}


def _whose() -> str:
    """Say as whom decoders run."""
    if apart.place():
        return "They run as another user, each started by systemd for whoever asks."
    if other_user(sys.path) is not None:
        return "They run as another user."
    return (
        "They run as the user who runs Leeward: it may not make them another, or that one could not read the program."
    )


def _is_of(number: str, starts: tuple[str, ...]) -> bool:
    return number.removeprefix("leeward.").startswith(starts)


def onion(here: Here) -> Iterator[Seen]:
    """Whoever must hide that they opened this site has an onion address, and it opens no other way in."""
    lacking = [fails(sentence, hint) for _number, sentence, hint in of_onions(here.config)]
    yield from lacking
    if not here.config.onion_hosts:
        yield unseen(
            "Whether readers here need an onion address can't be seen: none is served.",
            "docs/how-to/onion.md makes one.",
        )
    elif not lacking:
        yield holds("An onion address is served, by way of a proxy.")


def key_in_path(here: Here) -> Iterator[Seen]:
    """No key is sent in a path, which a proxy could write down."""
    if here.config.hma == "token":
        yield unseen(
            "Whether a program sends its key in the path of /hma can't be seen.",
            "Keep no access log, and send it in the header.",
        )
    else:
        yield holds("No route takes a key in its path.")


def log_guarded(here: Here) -> Iterator[Seen]:
    """The database refuses to change or delete rows of the log."""
    chains()  # fails where there are no tables
    if open_ones := unguarded_tables():
        hint = (
            "Compare the log with its published heads (leeward audit verify), then put the database back from a backup."
        )
        yield fails(f"Tables of the log can be changed: {', '.join(open_ones)}.", hint)
    else:
        yield holds("The database refuses to change or delete what the log says.")


def log_signed(here: Here) -> Iterator[Seen]:
    """No row of the log waits for long to be signed."""
    if late := unsigned_for_long(here.now):
        yield fails(
            f"Rows of the log have waited for two hours to be signed: {', '.join(late[:3])}.",
            "See leeward audit verify, and the signer.",
        )
    else:
        yield holds("Every row of the log is signed within two hours.")


def witnesses(here: Here) -> Iterator[Seen]:
    """Somebody else has seen, within a day, how far the log has come."""
    ill = alarms(here.now)
    yield from (
        fails(f"About the witness or log {name}: {code}.", "See leeward witness list, and docs/how-to/log.md.")
        for code, name in ill
    )
    asked = [line for line in everything() if line.kind == "witness"]
    fresh = [line for line in asked if line.cosigned_at and line.cosigned_at > here.now - OLD]
    if not asked:
        hint = "Ask another hotline to be your witness: docs/how-to/log.md."
        yield fails(
            "Nobody else signs how far the log has come: whoever has every key of this machine could rewrite it.", hint
        )
    elif fresh and not ill:
        yield holds(f"Witnesses that signed the log within a day: {len(fresh)} of {len(asked)}.")
