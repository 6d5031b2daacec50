"""Making typed text safe to store: line ends, control characters, lengths, e-mail addresses. Pure."""

from leeward.foundation.patterns import Pattern

MOST_CHARACTERS = 20_000
MOST_WHERE_CHARACTERS = 100_000
MOST_ADDRESSES = 200
MOST_LINE = 300
MOST_SERVICE = 100
MOST_REFERRER = 2000
MOST_MAIL = 254
FEWEST_DIGITS, MOST_DIGITS = 6, 15  # of a telephone number that can be called
_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)))
_MAIL = Pattern(r"^[^\s@<>\",;:\\()\[\]]{1,64}@[^\s@<>\",;:\\()\[\]]{1,200}$")


def has_nul(text: str) -> bool:
    """Return whether the text contains NUL, which no database accepts and nobody can have typed."""
    return "\x00" in text


def clean(text: str) -> str:
    """Return text with plain line ends and without control characters, lone surrogates and surrounding white space.

    Direction marks stay, since right-to-left languages need them; pages show foreign text isolated.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()


def clean_line(text: str) -> str:
    """Return text as one line."""
    parts = (part.strip() for part in clean(text).replace("\t", "\n").split("\n"))
    return " ".join(part for part in parts if part)


def is_number(line: str) -> bool:
    """Return whether this can be a telephone number."""
    digits = "".join(letter for letter in line if letter.isdecimal())
    around = line.translate(dict.fromkeys(map(ord, "+()-. /")))
    return around == digits and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS


def mail_problem(mail: str) -> str | None:
    """Return what keeps this from being an e-mail address (`mail_no_at`, `mail_incomplete`, `mail_unreadable`,
    `mail_too_long`), or None.
    """
    if len(mail) > MOST_MAIL:
        return "mail_too_long"
    if "@" not in mail:
        return "mail_no_at"
    name, _, host = mail.rpartition("@")
    if not name or "." not in host or host.startswith(".") or host.endswith("."):
        return "mail_incomplete"
    fits = _MAIL.match(mail) and ".." not in host
    return None if fits else "mail_unreadable"
