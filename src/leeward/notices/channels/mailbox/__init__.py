"""Reads the configured mailbox: a folder of `.eml` files, or IMAP over TLS. Each mail is handed on as soon as it is read."""

import imaplib
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext as _

from leeward.hosting.services import hear_mail
from leeward.jobs.clockwatch import read_clocks
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.rules.incoming import MOST_BYTES

SECONDS = 30.0
MOST_A_RUN = 200
TAKEN = "taken"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_HEADS = 50_000
HEADS_AT_ONCE = 200
MOST_HEAD_BYTES = 16_384

type TakeIn = Callable[[bytes], object]

# For how many seconds this machine had been running when a mailbox was last read to its end, and the number of the next mail that its
# server would put there: one of that number or a higher one says what the server's clock said between then and now.
_read_to: dict[str, tuple[float, int]] = {}


def read(setting: str, take_in: TakeIn) -> int:
    """Hand every new mail of the mailbox to `take_in` and then file it; return how many there were (0 if the setting is
    empty).

    A mail is filed after `take_in` returned, so one that was being read when the machine stopped is handed on again. Raises
    MailboxUnreadable, also where a file or a mail could not be read, which stays: the others were handed on.
    """
    if not setting:
        return 0
    kind, _colon, rest = setting.partition(":")
    if kind == "dir":
        return _read_folder(Path(rest), take_in)
    if kind == "imaps":
        return _read_imap(setting, take_in)
    raise MailboxUnreadable(why=_("it begins with neither dir: nor imaps://"))


def let_be_new(setting: str, since: datetime) -> bool:
    """Let every mail that was put into the mailbox since a day be handed on again by the next readings, also if it was read. Return
    whether that is so of all; doing it again changes nothing. Raises MailboxUnreadable."""
    kind, _colon, rest = setting.partition(":")
    if kind == "dir":
        return _put_back(Path(rest), since)
    if kind != "imaps":
        raise MailboxUnreadable(why=_("none is set"))
    with _open_box(setting) as line:
        for some in batched(_since(line, since), HEADS_AT_ONCE):
            _good(line.uid("STORE", ",".join(some), "-FLAGS.SILENT", r"(\Seen)"), "mark")
    return True


def unread(setting: str) -> int:
    """Return how many mails wait in the mailbox, at most as many as one run takes; reads and marks none. Raises
    MailboxUnreadable."""
    if setting.startswith("dir:"):
        return sum(path.suffix == ".eml" for path in Path(setting.removeprefix("dir:")).glob("*.eml"))
    if not setting.startswith("imaps:"):
        raise MailboxUnreadable(why=_("none is set"))
    with _open_box(setting, is_read_only=True) as line:
        return len(_unseen(line))


def heads_since(setting: str, folder: str, since: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Yield Message-ID and To of each mail in another folder of the mailbox ("" is the one that is set) since a day, newest last,
    each with when it was put there. Marks nothing. Raises MailboxUnreadable."""
    kind, _colon, rest = setting.partition(":")
    if kind == "dir":
        yield from _heads_of_files(Path(rest, folder), since)
        return
    if kind != "imaps":
        raise MailboxUnreadable(why=_("none is set"))
    elsewhere = urlsplit(setting)._replace(path=f"/{quote(folder)}").geturl() if folder else setting
    with _open_box(elsewhere, is_read_only=True) as line:
        for some in batched(_since(line, since)[-MOST_HEADS:], HEADS_AT_ONCE):
            asked = f"(INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID TO)]<0.{MOST_HEAD_BYTES}>)"
            yield from _heads_in(_good(line.uid("FETCH", ",".join(some), asked), "fetch"))


def _since(line: imaplib.IMAP4, since: datetime) -> list[str]:
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    return _numbers(_good(line.uid("SEARCH", "SINCE", day), "search"))


def _heads_in(data: Sequence[object]) -> Iterator[tuple[str, datetime | None]]:
    for piece in data:
        if isinstance(piece, tuple) and len(piece) > 1:
            yield str(bytes(piece[1]), "utf-8", "replace"), _put_at(bytes(piece[0]))


def _heads_of_files(folder: Path, since: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Yield the same of a folder of files, or a Maildir."""
    try:
        found = [
            path for place in (folder, folder / "cur", folder / "new") if place.is_dir() for path in place.iterdir()
        ]
        if not folder.is_dir():
            raise MailboxUnreadable(why=_("it can't be opened"))
        dated = [(path.stat().st_mtime, path) for path in found if path.is_file()]
        recent = sorted(one for one in dated if datetime.fromtimestamp(one[0], UTC) >= since)[-MOST_HEADS:]
        for seconds, path in recent:
            with path.open("rb") as file:
                head, _blank, _body = file.read(MOST_HEAD_BYTES).replace(b"\r\n", b"\n").partition(b"\n\n")
            yield str(head, "utf-8", "replace"), datetime.fromtimestamp(seconds, UTC)
    except OSError as error:
        raise MailboxUnreadable(why=(error.strerror or "it can't be opened").lower()) from error


def _read_folder(folder: Path, take_in: TakeIn) -> int:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".eml" and path.is_file())
    except OSError as error:
        raise MailboxUnreadable(why=(error.strerror or "it can't be opened").lower()) from error
    count, failed = 0, None
    for path in found:
        try:
            with path.open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
        except OSError as error:
            failed = error
            continue
        if raw:
            take_in(raw)
        (folder / TAKEN).mkdir(exist_ok=True)
        path.replace(folder / TAKEN / path.name)
        count += 1
        if count == MOST_A_RUN:
            break
    if failed is not None:
        raise MailboxUnreadable(why=(failed.strerror or "it can't be opened").lower()) from failed
    return count


def _put_back(folder: Path, since: datetime) -> bool:
    """Put what was taken out of a folder since then back into it. One whose name is in use there stays for the next time."""
    is_all = True
    try:
        for path in sorted((folder / TAKEN).glob("*.eml")):
            found = path.stat()
            if max(found.st_mtime, found.st_ctime) < since.timestamp():
                continue
            if (folder / path.name).exists():
                is_all = False
            else:
                path.rename(folder / path.name)
    except OSError as error:
        raise MailboxUnreadable(why=(error.strerror or "it can't be opened").lower()) from error
    return is_all


def _read_imap(setting: str, take_in: TakeIn) -> int:
    read_to = _read_to.pop(setting, None)
    put: list[datetime] = []
    count, failed, is_all = 0, None, False
    with _open_box(setting) as line:
        running, next_uid = read_clocks().running, _next_uid(line)
        for uid in _unseen(line):
            if count == MOST_A_RUN:
                break
            try:
                raw, put_at = _fetch(line, uid)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:  # it stays: what comes after it is handed on
                failed = error
                continue
            if raw:
                take_in(raw)
            _good(line.uid("STORE", uid, "+FLAGS", r"(\Seen)"), "mark")
            put += [put_at] if put_at and read_to and int(uid) >= read_to[1] else []
            count += 1
        else:
            is_all = True
    if put and read_to is not None:
        host = urlsplit(setting).hostname or ""
        hear_mail(host, max(put), running=running, gone_seconds=read_clocks().running - read_to[0])
    if is_all and next_uid is not None:
        _read_to[setting] = running, next_uid
    if failed is not None:
        raise MailboxUnreadable(why=_why(failed)) from failed
    return count


@contextmanager
def _open_box(setting: str, *, is_read_only: bool = False) -> Iterator[imaplib.IMAP4]:
    """Open the mailbox of the setting; any server error while it is open becomes MailboxUnreadable."""
    parts = urlsplit(setting)
    box = unquote(parts.path.lstrip("/")) or "INBOX"
    try:
        line = imaplib.IMAP4_SSL(
            parts.hostname or "", parts.port or 993, ssl_context=ssl.create_default_context(), timeout=SECONDS
        )
        try:
            line.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _good(line.select(_quoted(box), readonly=is_read_only), "open")
            yield line
        finally:
            line.logout()
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        raise MailboxUnreadable(why=_why(error)) from error


def _next_uid(line: imaplib.IMAP4) -> int | None:
    """Return the number of the next mail that is put into the open mailbox, if its server says so."""
    number = line.response("UIDNEXT")[1][0]
    return int(number) if isinstance(number, bytes) and number.isdigit() else None


def _unseen(line: imaplib.IMAP4) -> list[str]:
    return _numbers(_good(line.uid("SEARCH", "UNSEEN"), "search"))


def _numbers(data: Sequence[object]) -> list[str]:
    numbers = data[0] if data and isinstance(data[0], bytes) else b""
    return [uid.decode("ascii") for uid in numbers.split() if uid.isdigit()]


def _fetch(line: imaplib.IMAP4, uid: str) -> tuple[bytes, datetime | None]:
    """Return the mail, cut to one byte more than the limit, and when the server put it there."""
    data = _good(line.uid("FETCH", uid, f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES + 1}>)"), "fetch")
    for piece in data:
        if isinstance(piece, tuple) and len(piece) > 1:
            return bytes(piece[1]), _put_at(bytes(piece[0]))
    return b"", None


def _put_at(about: bytes) -> datetime | None:
    try:
        put = imaplib.Internaldate2tuple(about)
        return datetime.fromtimestamp(time.mktime(put), UTC) if put else None
    except (KeyError, ValueError, OverflowError):  # no date that there is
        return None


def _good(reply: tuple[str, Sequence[object]], what: str) -> Sequence[object]:
    status, data = reply
    if status != "OK":
        raise imaplib.IMAP4.error(f"can't {what}")
    return data


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _why(error: Exception) -> str:
    """Return the reason without anything from the setting, which contains a password."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the certificate is not trusted"
    if isinstance(error, OSError):
        return (error.strerror or "the server can't be reached").lower()
    return "the server refused"
