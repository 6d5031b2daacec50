"""A hotline's own texts: those in force, every version, and previews of drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.hosting import queries as hosting_queries
from leeward.installation.queries import config_now
from leeward.notices.models import NameAct, NoticeCase, Wording
from leeward.notices.queries.previews import LINK, MARK
from leeward.notices.recipients import place_of
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.claims import Police
from leeward.notices.rules.name_acts import ACTS, NAME_KINDS, basis_of
from leeward.notices.rules.payments import PaymentBrief
from leeward.notices.rules.wordings import Kind
from leeward.notices.timing import time_to_answer
from leeward.notices.writing.blocks import Line, Place, PoliceLetter
from leeward.notices.writing.kept_brief import kept
from leeward.notices.writing.names import name_mail
from leeward.notices.writing.texts import Mail, MessageText, notice_mail, payment_mail, police_mail, shipped_wording
from leeward.people import queries as people_queries

NEWEST_CASES = 20
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Key:
    """Identifies a text: its recipient, language, and country ("" for all)."""

    kind: Kind
    language: str
    country: str = ""

    @property
    def base(self) -> str:
        """Return the installed language in which the parts of the message are written."""
        installed = {tag for tag, _name in settings.LANGUAGES}
        return next((tag for tag in (self.language, self.language.partition("-")[0]) if tag in installed), "en")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a text; version 0 is the shipped one."""

    id: int
    version: int
    is_current: bool
    is_shipped: bool
    subject: str
    body: str
    made_at: datetime | None
    person_id: int | None


def wordings() -> list[Wording]:
    """Return every text of the hotline that is in force, including those reset to the shipped text."""
    return list(Wording.objects.filter(is_current=True).order_by("kind", "language", "country"))


def wording(wording_id: int) -> Wording | None:
    """Return the version of this number, or None."""
    found: Wording | None = Wording.objects.filter(pk=wording_id).first()
    return found


def versions_of(key: Key) -> list[VersionRow]:
    """Return every version of a text, newest first, ending with version 0; one query."""
    rows = Wording.objects.filter(kind=key.kind, language=key.language, country=key.country).order_by("-version")
    shipped = shipped_wording(key.kind, key.base)
    found = []
    for row in rows[:MOST_VERSIONS]:
        wording = shipped if row.is_shipped else MessageText(row.subject, row.body)
        found.append(
            VersionRow(
                row.pk,
                row.version,
                row.is_current,
                row.is_shipped,
                wording.subject,
                wording.body,
                row.made_at,
                row.person_id,
            )
        )
    is_alone = not any(row.is_current for row in found)
    return [*found, VersionRow(0, 0, is_alone, True, shipped.subject, shipped.body, None, None)]


def newest_cases() -> list[tuple[int, str]]:
    """Return the cases on which a text can be tried: (case, reference), newest first; one query."""
    notice_cases = NoticeCase.objects.order_by("-pk").values_list("case_id", "brief__reference")[:NEWEST_CASES]
    return [(case_id, str(reference)) for case_id, reference in notice_cases]


def as_it_would_read(key: Key, wording: MessageText, *, case_id: int, hotline_id: int) -> Mail:
    """Return the message with this text, about a case that was told, or a made-up one."""
    notice_case = NoticeCase.objects.filter(case_id=case_id).first() if case_id else None
    hotline = people_queries.hotline(hotline_id)
    if key.kind == "payment":
        return payment_mail(
            _made_up_payee(hotline.country),
            hotline=hotline,
            link=LINK.format(base=settings.LEEWARD.base_url, page="payment"),
            mark=MARK,
            due_at=datetime.now(UTC) + time_to_answer("payment"),
            language=key.base,
            own=wording,
        )
    line = _real(notice_case) if notice_case else _made_up(hotline)
    if key.kind == "police":
        portal = _portal(notice_case, hotline_id)
        if portal is None:
            return Mail(wording.subject, wording.body)
        letter = PoliceLetter(
            portal=portal,
            police_name=portal.police_name,
            link=LINK.format(base=settings.LEEWARD.base_url, page="referral"),
            mark=MARK,
            stands=Police(tells_host=True, host_is_informed=False, was_passed=False, was_referred=False),
            wait_hours=config_now().police_wait_hours,
        )
        return police_mail(line, letter, language=key.base, own=wording)
    link = LINK.format(base=settings.LEEWARD.base_url, page="notice")
    if key.kind in NAME_KINDS:
        registrar, name = _named(notice_case)
        what = NAME_KINDS[key.kind]
        odd = ["odd_phone"] if what == "accuracy" else []
        act = NameAct(what=what, name=name, basis=basis_of(ACTS[what].what, name), odd=odd)
        return name_mail(
            act,
            line,
            registrar=registrar,
            hotline=hotline,
            link=link,
            mark=MARK,
            answer_by=None,
            language=key.base,
            own=wording,
        )
    as_kind = "foreign_police" if key.kind == "abroad" else key.kind
    return notice_mail(
        as_kind,
        [line],
        hotline=hotline,
        link=link,
        mark=MARK,
        deadline=None,
        language=key.base,
        own=wording,
    )


def _real(notice_case: NoticeCase) -> Line:
    where = hosting_queries.whereabouts_of([notice_case.location_id]).get(notice_case.location_id)
    return Line(kept(notice_case), place_of(where), first_told_at=notice_case.started_at)


def _named(notice_case: NoticeCase | None) -> tuple[str, str]:
    """Return a case's registrar and registered name; both made up without a case, or where it has no name."""
    if notice_case:
        place = hosting_queries.locations_by_id([notice_case.location_id])[notice_case.location_id]
        name = hosting_queries.name_of_host(place.host) if place.kind == "url" and place.host else ""
        if name:
            return hosting_queries.whereabouts(notice_case.location_id).registrar, name
    return "Harbour Names", "harbour-host.example"


def _portal(notice_case: NoticeCase | None, hotline_id: int) -> people_queries.PortalRow | None:
    if notice_case:
        return people_queries.portal(notice_case.portal_id)
    every: Sequence[people_queries.PortalRow] = people_queries.portals_of(hotline_id)
    return every[0] if every else None


def _made_up_payee(country: str) -> PaymentBrief:
    seen = datetime.now(UTC)
    asked, names = (("20", "USD"),), ("RIVER*STONES",)
    return PaymentBrief(0, "sort_code", "00-00-00 00000000", "", True, asked, names, 1, 1, (country,), seen, seen)


def _made_up(hotline: people_queries.HotlineRow) -> Line:
    brief = CaseBrief(
        case_id=0,
        reference="2026-0000",
        hotline_id=hotline.id,
        portal_id=0,
        location_id=0,
        address="https://pictures.harbour-host.example/a/1",
        received_at=datetime.now(UTC),
        country=hotline.country,
        summary=(_("The findings are shown here."),),
        opinions=((hotline.country, "likely", ""),),
        file_hashes=(("sha256", "0" * 64),),
        judged="person",
        kind="url",
    )
    return Line(brief, Place("pictures.harbour-host.example", "198.51.100.7", "Harbour Host", "AS64500"))
