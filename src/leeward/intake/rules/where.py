"""From the text pasted under "where" to the items of a report. Pure.

The pasted text stays the single source: removing or changing a piece changes the text, and answers to "which app is
this on?" are stored beside it, by the piece as typed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from leeward.hosting.rules.address import Recognised, recognise
from leeward.hosting.rules.sentences import PROBLEMS
from leeward.intake.rules.own_picture import OWN
from leeward.intake.rules.typed import MOST_ADDRESSES, MOST_SERVICE
from leeward.payments.rules.masking import place_without_card_numbers, without_card_numbers

WORDS, UNKNOWN, ACCOUNT = "words", "unknown", "account"
# Kinds without an address: the reporter's own words, or a picture that nobody else has.
IN_WORDS = (WORDS, UNKNOWN, OWN)
_EDGE = " \t\n,;<>()[]|\"'"


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One item of a report, ready to be stored; of kind `words` if no location was given at all."""

    kind: str
    typed: str = ""
    display: str = ""
    comparable: str = ""
    service: str = ""
    name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what two mentions of the same item have in common."""
        return self.kind, self.comparable or self.typed


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the pasted text as it is shown back.

    `needs_service`: we don't know where this name is; `was_asked`: we have asked at some time; `is_prose`: it is a
    sentence and not a name. `notes` and `problem` are hosting's sentences, in English.
    """

    number: int
    item: ItemDraft
    undone: tuple[str, ...]
    notes: tuple[str, ...]
    problem: str
    needs_service: bool
    was_asked: bool
    is_prose: bool


def read_pieces(where: str, services: Mapping[str, str], *, country: str = "", language: str = "") -> list[Piece]:
    """Recognise every piece of the text, with the answers given so far; duplicates are one piece. Stops at the first
    piece beyond the limit. `country` is the portal's, for local telephone numbers; `language` the page's.
    """
    pieces: list[Piece] = []
    seen: set[tuple[str, str]] = set()
    for found in recognise(where, country=country, language=language):
        if len(pieces) > MOST_ADDRESSES:
            break
        answer = services.get(found.typed, "")[:MOST_SERVICE]
        asks = found.asks
        is_prose = found.kind == UNKNOWN and not asks and found.problem == PROBLEMS["not_recognised"]
        item = _named(found.typed, answer) if asks and answer else _thing(found)
        if item.key in seen:
            continue
        seen.add(item.key)
        problem = "" if asks or is_prose else found.problem or ""
        number, needs_service = len(pieces) + 1, asks and not answer
        pieces.append(Piece(number, item, found.undone, found.notes, problem, needs_service, asks, is_prose))
    return pieces


def item_drafts(
    where: str, services: Mapping[str, str], *, country: str = "", language: str = ""
) -> tuple[ItemDraft, ...]:
    """Return the items of a report; one of kind `words` if there are none, so that a report without a location counts
    too. `country` and `language` are the portal's and the page's.

    A sentence between addresses names nothing by itself: it stays in the report as it was typed.
    """
    return items_of(read_pieces(where, services, country=country, language=language))


def items_of(pieces: Sequence[Piece]) -> tuple[ItemDraft, ...]:
    """Return the items of a report of which these are the pieces."""
    named = tuple(piece.item for piece in pieces if not piece.is_prose)
    return named or tuple(piece.item for piece in pieces[:1]) or (ItemDraft(WORDS),)


def without(where: str, typed: str, instead: str = "") -> str:
    """Remove a piece from the text, or replace it; lines left empty are removed too."""
    spot = _spot(where, typed)
    if spot:
        text = where[: spot[0]] + instead.strip() + where[spot[1] :]
    else:  # the recogniser changed the piece, for instance by dropping invisible characters
        text = "\n".join(instead.strip() if found.typed == typed else found.typed for found in recognise(where))
    return "\n".join(line for line in text.split("\n") if line.strip(_EDGE))


def new_items(items: Sequence[ItemDraft], known: Collection[tuple[str, str]]) -> list[ItemDraft]:
    """Return the items that a report doesn't name yet."""
    return [item for item in items if item.kind != WORDS and item.key not in known]


def item_without_cards(item: ItemDraft) -> ItemDraft:
    """Return the item as it is stored: without numbers of cards. An address keeps what it doesn't call one."""

    def masked(text: str) -> str:
        return place_without_card_numbers(item.kind, text, item.service)

    return replace(
        item,
        typed=masked(item.typed),
        display=masked(item.display),
        comparable=masked(item.comparable),
        service=without_card_numbers(item.service)[:MOST_SERVICE],
        name=masked(item.name),
    )


def _spot(where: str, typed: str) -> tuple[int, int] | None:
    """Return where the piece is: the first place at which it doesn't touch another piece, else the first at all."""
    wanted = " ".join(typed.split())
    if not wanted:
        return None
    places = [at for at, letter in enumerate(where) if not letter.isspace() or (at and not where[at - 1].isspace())]
    text = "".join(" " if where[at].isspace() else where[at] for at in places)  # each run of white space as one space
    first, at = None, text.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        first = first or (start, end)
        if not where[start - 1 : start].strip(_EDGE) and not where[end : end + 1].strip(_EDGE):
            return start, end
        at = text.find(wanted, at + len(wanted))
    return first


def _thing(found: Recognised) -> ItemDraft:
    return ItemDraft(found.kind, found.typed, found.display, found.comparable, found.service[:MOST_SERVICE], found.name)


def _named(typed: str, service: str) -> ItemDraft:
    """Return a name with the service that the reporter added later, as if both had been typed together."""
    name = " ".join(typed.split()).lstrip("@")
    for together in (f"{name} on {service}", f"@{name} on {service}"):
        found = recognise(together)
        if len(found) == 1 and found[0].kind == ACCOUNT and found[0].service:
            found_name = found[0]
            return ItemDraft(
                ACCOUNT,
                typed,
                found_name.display,
                found_name.comparable,
                found_name.service[:MOST_SERVICE],
                found_name.name,
            )
    return ItemDraft(ACCOUNT, typed, name, f"{service.casefold()}:{name.casefold()}", service[:MOST_SERVICE], name)
