"""Which of the backups in a place is the newest: by the number that each got when it was made, since a clock can be wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leeward.backup.rules.timing import Kept, is_made_by, outdated


@dataclass(frozen=True, slots=True)
class Seen:
    """What a backup says of itself. `number`: higher than that of any before it; 0 before there were numbers.
    `is_held`: an installation that was restored made it before anybody confirmed that. `is_whole`: its file can be read and has the name that it
    was made with. `sealed_to`: the public keys that it is sealed to; none where an older version made it."""

    name: str
    number: int = 0
    is_held: bool = False
    is_whole: bool = True
    signed_by: str = ""
    sealed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The backup that is taken where nobody names one, "" if a person has to; those named later that are passed over."""

    name: str
    passed_over: tuple[str, ...] = ()


def in_order(seen: Sequence[Seen]) -> list[Seen]:
    """Return them without their numbers where a key gave one of these twice: folders were put together in each of which it began anew, as
    older versions did, or numbers were put back with all else. What was made when is then told by the clock alone."""
    given = Counter((one.signed_by, one.number) for one in seen if one.number)
    return [replace(one, number=0) for one in seen] if max(given.values(), default=0) > 1 else list(seen)


def newest(seen: Sequence[Seen], now: datetime) -> Choice:
    """Return which backup is taken where nobody names one: the last that was made, of those that aren't dated after this machine's clock and
    not made by a held copy, if there are such. One that is dated after it is passed over if it was made before that one; if it was made later,
    or is all there is, this machine's clock may be the wrong one: then a person has to name one. A damaged one that is named later than all
    others is taken, so that whoever asks hears of it."""
    given, seen = list(seen), in_order(seen)
    by_now = [one for one in seen if is_made_by(one.name, now)]
    ahead = [one for one in seen if one not in by_now]
    whole = [one for one in by_now if one.is_whole]
    best = max([one for one in whole if not one.is_held] or whole, key=lambda one: (one.number, one.name), default=None)
    broken = max((one.name for one in by_now if not one.is_whole), default="")
    if best is None and not broken:
        return Choice("", tuple(one.name for one in ahead))
    if best is None or broken > max(one.name for one in whole):
        return Choice(broken, tuple(one.name for one in ahead))
    may_be_later = [one for one in ahead if one.number > best.number or seen != given]
    later = tuple(one.name for one in may_be_later if one.is_whole and not one.is_held)
    if later:
        return Choice("", later)
    return Choice(best.name, tuple(one.name for one in seen if one.name > best.name))


def is_sealed_anew(ours: Sequence[Seen], to: Sequence[str]) -> bool:
    """Return whether a backup sealed to these keys finds no piece of the one that was made last here: that is sealed to others, or doesn't say
    to which."""
    last = max(ours, key=lambda one: (one.number, one.name), default=None)
    return last is not None and last.sealed_to != tuple(to)


def to_delete(ours: Sequence[Seen], kept: Kept, last: str, proved: str) -> list[str]:
    """Return which of our backups are not kept, after the `last` was made; never that one, nor the newest that was `proved`. Until
    one is, the newest that is known to be sealed to other keys than the last stays, too: nobody knows yet whether the new ones open anything.
    Those that are named later were named by a clock that was ahead, or are the newest where this machine's is behind: they count for
    nothing, and go once as many as are kept were made after them. Those of a held copy count for nothing either, and go once as many as are
    kept are newer."""
    counted = [one for one in ours if one.name <= last and not one.is_held]
    gone = set(outdated([one.name for one in counted], kept))
    first = min((one.name for one in counted if one.name not in gone), default=last)
    numbers = sorted((one.number for one in counted), reverse=True)[: max(kept.newest, 1)]
    if len(numbers) >= max(kept.newest, 1):
        gone |= {one.name for one in ours if one.is_held and one.name < first}
        gone |= {one.name for one in ours if one.name > last and one.number < numbers[-1]}
    to = next((one.sealed_to for one in counted if one.name == last), ())
    earlier = [one for one in counted if to and one.sealed_to and one.sealed_to != to and not proved]
    stays = max(earlier, key=lambda one: (one.number, one.name), default=None)
    return sorted(gone - {last, proved, stays.name if stays else ""})
