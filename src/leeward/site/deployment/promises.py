"""Which checks stand behind each line of THREAT_MODEL.md, and which lines the program alone keeps.

A promise that no check stands behind is the same on every installation of a version: its test is named beside it in THREAT_MODEL.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of THREAT_MODEL.md, in a few words, with the checks behind it."""

    words: str
    checks: tuple[str, ...]


CHECKED: dict[str, Line] = {
    "P1": Line("no name, no account, no cookie", ("pages", "headers")),
    "P2": Line("no address is kept", ("access_log", "journal", "salt", "closed")),
    "P3": Line("no picture is kept", ("swap", "cores")),
    "P5": Line("the receipt is the only way back", ("tls", "keys", "slow_senders")),
    "P6": Line("a report can be withdrawn", ("work", "upgrade_copies")),
    "P7": Line("a contact is deleted in time", ("work",)),
    "P9": Line("another person looks again", ("apart",)),
    "P10": Line("the police before the host", ("police", "mail", "demonstration")),
    "P13": Line("nobody changes the log unseen", ("log_guarded", "log_signed", "log_kept", "witnesses", "keys")),
    "B7": Line("a copy is verifiably ours", ("keys",)),
    "B12": Line("appeals against a block", ("apart",)),
    "K6": Line("a list leaves only hashes", ("data_files",)),
    "K10": Line("other collections by agreement of two", ("sources",)),
    "M4": Line("webhooks are signed and never in plain", ("plain_http",)),
    "M7": Line("danger is heard within a minute", ("paging", "work", "clock")),
    "M9": Line("no urgent case ends unanswered", ("work", "police")),
    "M11": Line("bulk never stands before danger", ("slow_senders", "work")),
    "A1": Line("a portal opens by its checklist", ("portals", "police")),
    "A5": Line("a mail password stays sealed", ("keys", "data_files")),
    "A6": Line("one hotline sets what holds for all", ("run_by",)),
    "A8": Line("other accounts read nothing", ("data_files", "own_user", "unit")),
    "A14": Line("nothing single stops the site", ("work", "unit")),
    "A15": Line("no key is made anew in silence", ("keys", "key_places")),
    "A16": Line("what is ill is seen", ("work", "mail", "paging", "room", "reached")),
    "A18": Line("a broken decoder has nothing", ("fences", "unit", "cores")),
    "A21": Line("no fetch leads inside", ("fetching",)),
    "A22": Line("no account is confirmed for its owner", ("second_factor",)),
    "A24": Line("nobody alone takes a form away", ("portals",)),
    "A32": Line("the public pages read nothing else", ("public_face", "public_file", "public_role")),
    "A34": Line("two histories are seen", ("witnesses", "log_kept")),
    "A35": Line("the signer signs nothing smaller", ("log_signed", "log_kept")),
    "A36": Line("what was restored says nothing twice", ("work",)),
    "A37": Line("no start where it would do harm", ("tables", "keys", "clock")),
    "A38": Line("a clock that jumps does no harm", ("clock", "work")),
    "A39": Line("a rewritten log is found in backups", ("witnesses", "backups")),
    "V1": Line("a receipt convinces a court", ("log_signed", "keys")),
}
# What THREAT_MODEL.md says is not promised, by its first words, where an installation can do something about it.
LEFT_OPEN: dict[str, Line] = {
    "The network sees that somebody opened this site.": Line("an onion address", ("onion", "tls")),
    "A stolen disk reveals addresses, and what was written about a report.": Line(
        "a stolen disk", ("disk", "swap", "cores", "key_places", "words_key")
    ),
    "Backups forget sealed words with the next backup": Line("what backups keep", ("disk", "backups")),
    "Deleted words on SQLite": Line("deleted words on SQLite", ("disk", "upgrade_copies")),
    "On PostgreSQL deleted words outlive the deletion for a while.": Line("deleted words on PostgreSQL", ("disk",)),
    "An administrator of the machine can do anything, but not unseen": Line("who runs the machine", ("witnesses",)),
    "On a new device, without a passkey, an owner waits with the guessers": Line(
        "guessed passwords", ("second_factor", "desk_cookies")
    ),
    "A key in a path is seen by proxies.": Line("a key in a path", ("key_in_path", "access_log")),
    "Slow senders.": Line("slow senders", ("slow_senders", "listening")),
}
# Kept by the program, whatever the installation: nothing of it can be seen on a machine.
BY_PROGRAM = frozenset(
    """
    P4 P8 P11 P12 P14 B1 B2 B3 B4 B5 B6 B8 B9 B10 B11 B13 B14 B15 K1 K2 K3 K4 K5 K7 K8 K9 K11 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9
    M1 M2 M3 M5 M6 M8 M10 M12 M13 M14 A2 A3 A4 A7 A9 A10 A11 A12 A13 A17 A19 A20 A23 A25 A26 A27 A28 A29 A30 A31 A33 A40 V2 V3
    """.split()
)
# Nothing that a machine could look at: what happens elsewhere, or between people.
ELSEWHERE = frozenset(
    {
        "The browser remembers.",
        "A report that isn't sent yet is kept by the browser.",
        "For ten minutes the phone can show a receipt again.",
        "What the police were told can't be unsaid.",
        "A hotline that moves takes the installation’s secret along.",
        "One administrator and a second person who cooperates can do what takes two.",
        "A program that hides a link whole shows it to whoever follows it.",
        "Canaries find a careless leak, not a conspiracy.",
        "A zone transfer is signed, not encrypted.",
        "A key tells whether another hotline of the installation has a bank of a name.",
        "A digest is no proof against its maker.",
        "Receipts can be guessed at, slowly.",
        "Machine-made translations",
    }
)
BESIDE = Line("what every installation needs", ("ways_out", "tables", "adapters", "banks", "words_key", "django"))
