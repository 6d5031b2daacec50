"""A report while it is being written, in three steps. Pure.

No cookie and no session: one form holds everything. `read_draft` reads any set of fields, however damaged; `problems_of`
says what must be changed; nothing that was typed is lost on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from leeward.intake.rules import typed
from leeward.intake.rules.own_picture import ME, OWN, POLICE, THREAT, WISHES, OwnPicture, lacks_wish, wish_kept
from leeward.intake.rules.urgency import MOST_REASON, THREATS, Urgency, asks_about_threat, urgency_of
from leeward.intake.rules.where import ItemDraft, Piece, item_without_cards, items_of, without
from leeward.payments.rules.masking import without_card_numbers

DANGER = "danger"
KINDS = ("page", "contact", ME, DANGER, "else")
WHEN = ("today", "week", "before", "unknown")
STEPS = 3
STEP_OF = {
    "kind": 1, "young": 1,
    "threat": 2, "wish": 2, "where": 2, "services": 2, "login": 2, "password": 2, "referrer": 2,
    "when": 3, "text": 3, "mail": 3,
}  # fmt: skip


class Fields(Protocol):
    """What a submitted form provides: Django's QueryDict, or anything like it."""

    def get(self, key: str, default: str, /) -> str | object: ...

    def getlist(self, key: str, /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to correct: the field's name, and a code whose sentence is in `intake/labels.py`."""

    name: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything typed so far. `services` are the answers to "which app is this on?", by the piece as typed; an empty
    answer records that the question was asked.
    """

    once: str = ""
    kind: str = ""
    young: bool = False
    threat: str = ""
    wish: str = ""
    where: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    login: bool = False
    password: str = ""
    referrer: str = ""
    when: str = ""
    text: str = ""
    mail: str = ""
    nul: tuple[str, ...] = ()

    @property
    def in_danger(self) -> bool:
        """Return whether a child is in danger now."""
        return self.kind == DANGER


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report ready to be stored: read and checked. `is_shown`: a person asking for a review says that they are the
    one depicted. `is_marked`: staff or a partner called it urgent. `wish`: what somebody wants who reports a picture of
    themselves; "" where they were not asked.
    """

    kind: str
    items: tuple[ItemDraft, ...]
    where: str = ""
    text: str = ""
    when_seen: str = "unknown"
    under_18: bool = False
    threat: str = ""
    is_shown: bool = False
    is_marked: bool = False
    marked_because: str = ""
    contact: str = ""
    needs_login: bool = False
    password: str = ""
    referrer: str = ""
    wish: str = ""
    own: OwnPicture | None = None

    @property
    def urgency(self) -> Urgency:
        """Return why the report is urgent, or ""."""
        return urgency_of(self.kind, threat=self.threat, is_shown=self.is_shown, is_marked=self.is_marked)

    @staticmethod
    def of_own_picture(own: OwnPicture) -> "ReportDraft":
        """Return the report of somebody who sent fingerprints of a picture of themselves. That they want the police to
        know is as urgent as any other request of a person shown.
        """
        return ReportDraft(
            OWN,
            (ItemDraft(OWN),),
            under_18=own.under_18,
            threat="yes" if own.happened == THREAT else "no",
            is_shown=own.wish == POLICE,
            wish=own.wish,
            own=own,
        )


def read_draft(fields: Fields) -> Draft:
    """Read the submitted form; a requested change or removal of a piece is already applied to `where`."""

    def text(name: str) -> str:
        return str(fields.get(name, ""))

    where = typed.clean(text("where"))
    named = zip(fields.getlist("named"), fields.getlist("service"), strict=False)
    services = {typed.clean(piece): typed.clean_line(service) for piece, service in named}
    before, after = typed.clean(text("changing")), typed.clean(text("changed"))
    if before and fields.getlist("changed"):
        where = without(where, before, after)
        if before in services and after:
            services[after] = services.pop(before)
    return Draft(
        once=text("once")[:64],
        kind=text("kind") if text("kind") in KINDS else "",
        young=text("young") == "1",
        threat=text("threat") if text("threat") in THREATS else "",
        wish=text("wish") if text("wish") in WISHES else "",
        where=where,
        services=services,
        login=text("login") == "1",
        password=typed.clean_line(text("password")),
        referrer=typed.clean_line(text("referrer")),
        when=text("when") if text("when") in WHEN else "",
        text=typed.clean(text("text")),
        mail=typed.clean_line(text("mail")),
        nul=tuple(name for name in ("where", "password", "referrer", "text", "mail") if typed.has_nul(text(name))),
    )


def remove_piece(draft: Draft, piece: str) -> Draft:
    """Return the draft without a piece of `where`."""
    services = {name: service for name, service in draft.services.items() if name != piece}
    return replace(draft, where=without(draft.where, piece), services=services)


def problems_of(draft: Draft, *, pieces: int = 0, asks_wish: bool = False) -> list[Problem]:
    """Return what must be changed before the report can be sent; `pieces` is how many items were recognised. `asks_wish`:
    the form asks what somebody wants who reports a picture of themselves.
    """
    problems = [] if draft.kind else [Problem("kind", "kind_missing")]
    if asks_about_threat(draft.kind) and not draft.threat:
        problems.append(Problem("threat", "threat_missing"))
    if lacks_wish(draft.wish, kind=draft.kind, threat=draft.threat, asks_wish=asks_wish):
        problems.append(Problem("wish", "wish_missing"))
    problems += _problems_of_place(draft, pieces) + _problems_of_words(draft)
    return problems + [Problem(name, "nul") for name in draft.nul]


def _problems_of_place(draft: Draft, pieces: int) -> list[Problem]:
    problems = _too_long("where", draft.where, typed.MOST_WHERE_CHARACTERS)
    if not problems and pieces > typed.MOST_ADDRESSES:
        problems = [Problem("where", "too_many_addresses", {"most": typed.MOST_ADDRESSES})]
    if not problems and any(len(service) > typed.MOST_SERVICE for service in draft.services.values()):
        problems = [Problem("where", "service_too_long", {"most": typed.MOST_SERVICE})]
    return (
        problems
        + _too_long("password", draft.password, typed.MOST_LINE)
        + _too_long("referrer", draft.referrer, typed.MOST_REFERRER)
    )


def _problems_of_words(draft: Draft) -> list[Problem]:
    problems = _too_long("text", draft.text, typed.MOST_CHARACTERS)
    mail_problem = typed.mail_problem(draft.mail) if draft.mail else None
    return [*problems, Problem("mail", mail_problem)] if mail_problem else problems


def _too_long(name: str, text: str, most: int) -> list[Problem]:
    return [Problem(name, "too_long", {"number": len(text), "most": most})] if len(text) > most else []


def all_services_answered(draft: Draft, pieces: Sequence[Piece]) -> bool:
    """Return whether every name without a service was already asked about; an empty answer is an answer."""
    return all(piece.item.typed in draft.services for piece in pieces if piece.needs_service)


def first_step_with(problems: Sequence[Problem], otherwise: int) -> int:
    """Return the step at which the first problem can be corrected."""
    return min((STEP_OF.get(problem.name, otherwise) for problem in problems), default=otherwise)


def latest_step(draft: Draft) -> int:
    """Return the last step at which something was said; the second one once a kind was chosen."""
    if draft.text or draft.mail or draft.when:
        return STEPS
    return 2 if draft.kind or draft.where else 1


def report_draft(draft: Draft, pieces: Sequence[Piece], *, asks_wish: bool = False) -> ReportDraft:
    """Return the report that a checked draft describes; `pieces` are what was recognised in it. A wish counts only where
    the form asks for it (`asks_wish`).
    """
    return ReportDraft(
        kind=draft.kind,
        items=items_of(pieces),
        where=draft.where,
        text=draft.text,
        when_seen=draft.when or "unknown",
        under_18=draft.young,
        threat=draft.threat if asks_about_threat(draft.kind) else "",
        contact=draft.mail,
        needs_login=draft.login,
        password=draft.password,
        referrer=draft.referrer,
        wish=wish_kept(draft.wish, kind=draft.kind, asks_wish=asks_wish),
    )


def without_cards(report: ReportDraft) -> ReportDraft:
    """Return the report as it is stored: of numbers of cards, brand and last four digits. What its items keep, the text that
    they come from keeps too."""
    items = tuple(map(item_without_cards, report.items))
    where = without_card_numbers(report.where)
    for before, item in zip(report.items, items, strict=True):
        if (masked := without_card_numbers(before.typed)) != item.typed:
            where = where.replace(masked, item.typed)
    return replace(
        report,
        items=items,
        where=where,
        text=without_card_numbers(report.text),
        marked_because=without_card_numbers(report.marked_because)[:MOST_REASON],
        referrer=without_card_numbers(report.referrer)[: typed.MOST_REFERRER],
    )
