"""The fingerprints of a person's own picture: what their device sends, strictly read. Pure.

One line a file, as `scripts/fingerprints.js` writes it: the medium, SHA-256, MD5, and what it looks like, each as
kind:code:quality:second.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from leeward.foundation.patterns import Pattern
from leeward.intake.rules.standing import LOOKING, RECEIVED
from leeward.people.rules.own_picture import BY_WISH, POLICE_INFORMED

OWN, ME = "own", "me"
"""The kind of such a report and of its one item; and of a report of a picture of oneself by its address."""
POLICE, QUIET = WISHES = ("police", "quiet")
"""What the person wants: that the police are told, or only that copies are found."""
HAPPENED = ("shared", "threat", "afraid", "else")
THREAT = "threat"
MOST_FILES, MOST_FRAMES, MOST_SECONDS = 10, 60, 300
MOST_CHARACTERS = 60_000
KEPT = timedelta(days=730)
"""How long fingerprints are kept unless the person takes them back before."""
LEAST_QUALITY, LEAST_BITS_SET, CODE_BITS = 50, 64, 256
_DIGESTS = Pattern(r"(image|video) ([0-9a-f]{64}) ([0-9a-f]{32})")
_LOOK = Pattern(r"(pdq|pdq_nn512|vpdq):([0-9a-f]{64}):([0-9]{1,3}):([0-9]{1,3})")
_EMPTY = "d41d8cd98f00b204e9800998ecf8427e"  # the MD5 of no byte at all: it would be every empty file's


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One fingerprint of a file: its kind, its hexadecimal digits, and of a look the quality and the second."""

    kind: str
    digits: str
    quality: int | None = None
    second: int | None = None


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """What a person sends about pictures of themselves: the lines as read, what happened, and what they want."""

    lines: str
    happened: str
    wish: str
    under_18: bool


class Wished:
    """What follows from the kind of a report and from what its sender wants of us."""

    __slots__ = ()
    kind: str
    wish: str
    happened: str
    urgency: str

    @property
    def is_own_picture(self) -> bool:
        """Return whether it came with fingerprints of its sender's own picture."""
        return bool(self.happened)

    @property
    def is_quiet(self) -> bool:
        """Return whether its sender wants the police not told; that a child is in danger, said later, goes before it. Of a
        picture that is reported by its address, so does a threat.
        """
        return self.wish == QUIET and (self.kind == OWN or (self.kind == ME and not self.urgency))


@dataclass(frozen=True, slots=True)
class FileRead:
    """The fingerprints of one file."""

    medium: str
    fingerprints: tuple[Fingerprint, ...]


def read_lines(text: str) -> list[FileRead] | None:
    """Return the files whose fingerprints these lines are, each once; None if there is none, or if any line is not
    exactly what our own script writes.
    """
    lines = list(dict.fromkeys(line for line in text[: MOST_CHARACTERS + 1].split("\n") if line))
    if len(text) > MOST_CHARACTERS or not 0 < len(lines) <= MOST_FILES:
        return None
    read = [_file(line) for line in lines]
    files = [one for one in read if one is not None]
    return files if len(files) == len(lines) else None


def _file(line: str) -> FileRead | None:
    parts = line.split(" ")
    found = _DIGESTS.fullmatch(" ".join(parts[:3]))
    if found is None or found[3] == _EMPTY or len(parts) > 3 + MOST_FRAMES:
        return None
    read = [_hash_in(word) for word in parts[3:]]
    hashes = [one for one in read if one is not None]
    kinds = [one.kind for one in hashes]
    are_right = set(kinds) <= {"vpdq"} if found[1] == "video" else kinds in ([], ["pdq"], ["pdq", "pdq_nn512"])
    if len(hashes) != len(read) or not are_right:
        return None
    return FileRead(found[1], (Fingerprint("sha256", found[2]), Fingerprint("md5", found[3]), *hashes))


def _hash_in(text: str) -> Fingerprint | None:
    """Return a look; None where it would match what it isn't: too little in the picture, or nothing of its own."""
    found = _LOOK.fullmatch(text)
    if found is None:
        return None
    kind, digits, quality, second = found[1], found[2], int(found[3]), int(found[4])
    bits = int(digits, 16).bit_count()
    is_good = LEAST_QUALITY <= quality <= 100 and LEAST_BITS_SET <= bits <= CODE_BITS - LEAST_BITS_SET
    is_timed = second <= (MOST_SECONDS if kind == "vpdq" else 0)
    return Fingerprint(kind, digits, quality, second) if is_good and is_timed else None


def count_of(files: list[FileRead]) -> int:
    """Return how many fingerprints there are."""
    return sum(len(one.fingerprints) for one in files)


def way_here(way: str, *, is_duty: bool) -> str:
    """Return the portal's way as it holds today: where the law on record obliges everybody to report, nobody is asked for a wish
    that the hotline may not keep.
    """
    return POLICE_INFORMED if way == BY_WISH and is_duty else way


def asked_here(way: str, *, is_duty: bool, is_post_box: bool) -> Literal["wish", "police", "unknown", "post_box"]:
    """Return what the form says to somebody who reports a picture of themselves by its address: it asks what they want
    only where people found out that the law lets the hotline keep to it, and no duty is on record that says otherwise.
    """
    if is_post_box:
        return "post_box"
    if is_duty or way == POLICE_INFORMED:
        return "police"
    return "wish" if way == BY_WISH else "unknown"


def wish_kept(wish: str, *, kind: str, asks_wish: bool) -> str:
    """Return the wish that a report carries: only of a picture of its reporter, and only where they may be asked."""
    return wish if asks_wish and kind == ME else ""


def wish_again(before: str, wish: str, *, kind: str, shown: Collection[tuple[str, str]]) -> str:
    """Return the wish that holds once a form was sent again: that the police are not told can be said later only where they can't
    know yet. `shown`: state and reason of each item; of fingerprints they don't say whether a person has told the police.
    """
    if wish != QUIET:
        return wish or before
    is_early = kind != OWN and bool(shown) and set(shown) <= {(RECEIVED, ""), (LOOKING, "")}
    return QUIET if is_early else before


def lacks_wish(wish: str, *, kind: str, threat: str, asks_wish: bool) -> bool:
    """Return whether a wish has still to be asked for. Where its reporter is threatened it changes nothing."""
    return asks_wish and kind == ME and threat == "no" and not wish


def wish_here(way: str, wish: str) -> Literal["police", "quiet", ""]:
    """Return what holds of a wish, under the portal's way: the police where the law obliges it to tell them; "" where
    nothing valid was said.
    """
    if way == "police":
        return "police"
    return "quiet" if wish == QUIET else "police" if wish == POLICE else ""
