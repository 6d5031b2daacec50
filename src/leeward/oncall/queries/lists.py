"""Who is on call in one hotline and whom a page would reach, read at once."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, BooleanField, Case, DateTimeField, F, Max, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django_scopes import scope

from leeward.clocks.queries import addresses_on_call
from leeward.installation.queries import config_now
from leeward.oncall.models import Acknowledgement, OnCallPerson, PageWebhook, PortalRota
from leeward.oncall.queries.rotas import Cover, agreements_of, rota_of
from leeward.oncall.rules.circles import Circle, Person, Recipient, circles_of, on_call_in, recipients_of
from leeward.oncall.rules.rota import LAYERS, Rota, Span, gaps, on_call_at, stretches
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow, StaffRow
from leeward.people.rules.permissions import ACTS, SUPERVISOR

# How far ahead gaps are looked for.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OnCallRow:
    """Somebody on the list of a portal."""

    person_id: int
    name: str
    is_on: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody would be paged about a portal: somebody is on call, and can be reached."""

    has_on_call: bool
    has_way: bool
    tested_at: datetime | None
    gaps: tuple[Span, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Return whether the portal may take reports."""
        return self.has_on_call and self.has_way and not self.gaps


@dataclass(frozen=True, slots=True)
class Lists:
    """All paging settings of a hotline: lists by portal, webhooks, addresses of portals, and its staff."""

    staff: list[StaffRow]
    on_call: dict[int, dict[int, bool]]
    hooks: list[PageWebhook]
    addresses: dict[int, str]
    can_mail: bool
    rotas: dict[int, PortalRota]

    def rota(self, portal: PortalRow) -> Rota:
        """Return who is on call for a portal and when: the list of those who always are, and its rotations."""
        listed = self.on_call.get(portal.id, {})
        always = frozenset(person for person, is_on in listed.items() if is_on)
        return rota_of(self.rotas.get(portal.id), always, portal.holidays)

    def has_rota(self, portal: PortalRow) -> bool:
        """Return whether anybody ever is on call for a portal."""
        rota = self.rota(portal)
        return bool(self.on_call.get(portal.id) or rota.rotations or rota.overrides)

    def is_covered(self, portal: PortalRow, now: datetime) -> bool:
        """Return whether somebody who can be paged is on call at every hour, as far as is looked ahead."""
        return self.has_rota(portal) and not self._own_ways(portal) and not self.gaps(portal, now)

    def gaps(self, portal: PortalRow, now: datetime) -> tuple[Span, ...]:
        """Return when nobody who can be paged is on call for a portal, from now on, as far as is looked ahead. None where
        its pages also go to a webhook or an address of its own, or nobody ever is on call.
        """
        if not self.has_rota(portal) or self._own_ways(portal):
            return ()
        rows = {row.id: row for row in self.staff if row.is_active and can_be_paged(row)}
        off = {person for person, is_on in self.on_call.get(portal.id, {}).items() if not is_on}

        def is_here(person: int, at: datetime) -> bool:
            return person in rows and person not in off and not rows[person].is_away(_today(portal, at))

        return tuple(gaps(stretches(self.rota(portal), now, now + AHEAD, portal.time_zone), is_here))

    def circles(
        self,
        portal: PortalRow,
        now: datetime,
        partner: Circle = frozenset(),
        *,
        partner_first: bool = False,
    ) -> list[Circle]:
        """Return whom the rounds of a page of this portal reach, circle by circle."""
        today, listed, now_on = _today(portal, now), self.on_call.get(portal.id, {}), on_call_at(self.rota(portal), now)
        hook_of = {hook.person_id: hook for hook in self.hooks if hook.person_id is not None}
        persons = [
            Person(
                row.id,
                is_active=row.is_active,
                is_away=row.is_away(today),
                is_supervisor=SUPERVISOR in row.roles,
                layer=_layer(row.id, now_on) if listed.get(row.id, True) else 0,
                ways=self._ways(row, hook_of.get(row.id)),
            )
            for row in self.staff
            if can_be_paged(row)
        ]
        return circles_of(persons, self._own_ways(portal), partner, partner_first=partner_first)

    def _own_ways(self, portal: PortalRow) -> list[Recipient]:
        own = [Recipient(0, "webhook", hook.url, hook.pk) for hook in self.hooks if hook.portal_id == portal.id]
        if self.can_mail and portal.id in self.addresses:
            own.append(Recipient(0, "mail", self.addresses[portal.id]))
        return own

    def _ways(self, row: StaffRow, hook: PageWebhook | None) -> tuple[Recipient, ...]:
        mail = (Recipient(row.id, "mail", row.email),) if self.can_mail and row.email else ()
        return mail + ((Recipient(row.id, "webhook", hook.url, hook.pk),) if hook is not None else ())

    def recipients_first(self, portal: PortalRow, now: datetime) -> list[Recipient]:
        """Return whom the first round of a page reaches."""
        return recipients_of(1, self.circles(portal, now))

    def readiness(self, portal: PortalRow, tested_at: datetime | None, now: datetime) -> Readiness:
        """Return how ready paging is for a portal."""
        has_hook = any(hook.portal_id == portal.id for hook in self.hooks)
        is_listed = any(self.on_call.get(portal.id, {}).values()) or bool(self.rota(portal).rotations)
        has_way = bool(on_call_in(self.circles(portal, now)))
        has_on_call = is_listed or has_hook or portal.id in self.addresses
        return Readiness(has_on_call, has_way, tested_at, self.gaps(portal, now))

    def rows(self, portal: PortalRow, now: datetime) -> list[OnCallRow]:
        """Return the list of a portal, by name."""
        today, listed = _today(portal, now), self.on_call.get(portal.id, {})
        return [
            OnCallRow(row.id, row.name, listed[row.id], row.is_active and not row.is_away(today))
            for row in self.staff
            if row.id in listed
        ]

    def hook_url(self, *, portal_id: int | None = None, person_id: int | None = None) -> str:
        """Return where pages of a portal or a person are posted, or ""."""
        found = (hook.url for hook in self.hooks if (hook.portal_id, hook.person_id) == (portal_id, person_id))
        return next(found, "")


def _layer(person: int, now_on: Mapping[int, frozenset[int]]) -> int:
    return next((layer for layer in LAYERS if person in now_on[layer]), 0)


def can_be_paged(row: StaffRow) -> bool:
    """Return whether pages go to somebody: only people who may acknowledge one are called, since an acknowledgement
    stops paging.
    """
    return bool(row.roles & ACTS["page.acknowledge"])


def _today(portal: PortalRow, now: datetime) -> date:
    return now.astimezone(ZoneInfo(portal.time_zone)).date()


def lists_of(hotline_id: int, portal_ids: list[int]) -> Lists:
    """Return all paging settings for these portals of a hotline; four queries."""
    on_call, rotas = _rotas_of(portal_ids)
    return Lists(
        staff=people_queries.staff_of(hotline_id),
        on_call=on_call,
        hooks=list(PageWebhook.objects.exclude(url="")),
        addresses=addresses_on_call(portal_ids),
        can_mail=bool(config_now().smtp_host),
        rotas=rotas,
    )


def _rotas_of(portal_ids: list[int]) -> tuple[dict[int, dict[int, bool]], dict[int, PortalRota]]:
    """Return who is on the list of each portal, and its rota; one query."""
    empty, listed = Value("", output_field=TextField()), OnCallPerson.objects.filter(portal_id__in=portal_ids)
    rotas = PortalRota.objects.filter(portal_id__in=portal_ids).annotate(
        no_person=Value(0, output_field=BigIntegerField()), no_switch=Value(None, output_field=BooleanField())
    )
    first = listed.annotate(a=empty, b=empty, c=empty).values_list("portal_id", "person_id", "is_on", "a", "b", "c")
    kept = rotas.annotate(
        a=Cast("rotations", TextField()), b=Cast("overrides", TextField()), c=Cast("police_number", TextField())
    ).values_list("portal_id", "no_person", "no_switch", "a", "b", "c")
    on_call: dict[int, dict[int, bool]] = defaultdict(dict)
    found: dict[int, PortalRota] = {}
    for portal_id, person_id, is_on, rotations, overrides, number in first.union(kept, all=True):
        if is_on is not None:
            on_call[portal_id][person_id] = bool(is_on)
            continue
        found[portal_id] = PortalRota(
            portal_id=portal_id,
            rotations=json.loads(rotations),
            overrides=json.loads(overrides),
            police_number=number,
        )
    return dict(on_call), found


def circles(portal: PortalRow, now: datetime) -> list[Circle]:
    """Return whom the rounds of a page of this portal reach, circle by circle, its partner's people included."""
    lists, cover = lists_of(portal.hotline_id, [portal.id]), agreements_of(portal.id).partner
    if cover is None or not cover.is_agreed:
        return lists.circles(portal, now)
    return lists.circles(
        portal, now, _on_call_at(cover, portal, now), partner_first=cover.is_first(now, portal.time_zone)
    )


def _on_call_at(cover: Cover, portal: PortalRow, now: datetime) -> Circle:
    """Return those on call at a partner's portal. People of another hotline get a mail without being anybody here: they can
    take no case, and only the answer of somebody who could at home holds for a while.
    """
    partner = cover.portal
    with scope(hotline=partner.hotline_id):
        on_call = on_call_in(lists_of(partner.hotline_id, [partner.id]).circles(partner, now))
    if partner.hotline_id == portal.hotline_id:
        return on_call
    return frozenset(Recipient(0, "mail", one.to) for one in on_call if one.way == "mail")


def people_paged(hotline_id: int) -> int:
    """Return how many people of a hotline can be paged at all."""
    return sum(row.is_active and can_be_paged(row) for row in people_queries.staff_of(hotline_id))


def recipients_first(portal: PortalRow, now: datetime) -> list[Recipient]:
    """Return whom the first round of a page reaches."""
    return recipients_of(1, circles(portal, now))


def tests_acknowledged() -> dict[int, datetime]:
    """Return when the newest test page of each portal was acknowledged."""
    tested = Acknowledgement.objects.filter(page__kind="test").values("page__portal_id").annotate(at=Max("at"))
    return {row["page__portal_id"]: row["at"] for row in tested}


def readiness(portal: PortalRow, staff: list[StaffRow]) -> Readiness:
    """Return whether one of these colleagues, or a webhook of the portal, would be paged now and in the days to come,
    and when a test page was last acknowledged; one query. An address that belongs to no person doesn't count: nobody
    there can be on call.
    """
    lists, tested_at = _set_for(portal.id, staff)
    return lists.readiness(portal, tested_at, datetime.now(UTC))


def _set_for(portal_id: int, staff: list[StaffRow]) -> tuple[Lists, datetime | None]:
    """Return the settings of one portal, and when a test was acknowledged."""
    columns, nothing = ("what", "whose", "when", "more"), Value("")
    no_time = Value(None, output_field=DateTimeField())
    listed = OnCallPerson.objects.filter(portal_id=portal_id)
    switch = Case(When(is_on=True, then=Value("on")), default=Value("off"))
    hooks = PageWebhook.objects.exclude(url="").filter(Q(portal_id=portal_id) | Q(person__isnull=False))
    tests = Acknowledgement.objects.filter(page__kind="test", page__portal_id=portal_id)
    rota = PortalRota.objects.filter(portal_id=portal_id)
    own = {
        "what": Case(When(portal__isnull=True, then=Value("own hook")), default=Value("hook")),
        "whose": Coalesce(F("portal_id"), F("person_id")),
    }
    parts = [
        listed.annotate(what=switch, whose=F("person_id"), when=F("changed_at"), more=nothing),
        hooks.annotate(**own, when=no_time, more=nothing),
        tests.annotate(what=Value("test"), whose=F("page__portal_id"), when=F("at"), more=nothing),
        *(
            rota.annotate(what=Value(name), whose=F("portal_id"), when=no_time, more=Cast(name, TextField()))
            for name in ("rotations", "overrides")
        ),
    ]
    first, *others = [part.values_list(*columns) for part in parts]
    found: dict[str, list[tuple[int, datetime | None, str]]] = defaultdict(list)
    for what, whose, when, more in first.union(*others, all=True):
        found[what].append((whose, when, more))
    kept = PortalRota(
        portal_id=portal_id, **{n: json.loads(found[n][0][2]) for n in ("rotations", "overrides") if found[n]}
    )
    made = [PageWebhook(portal_id=whose) for whose, _when, _more in found["hook"]]
    made += [PageWebhook(person_id=whose) for whose, _when, _more in found["own hook"]]
    switches = {whose: what == "on" for what in ("on", "off") for whose, _when, _more in found[what]}
    tested = [when for _whose, when, _more in found["test"] if when is not None]
    lists = Lists(staff, {portal_id: switches}, made, {}, bool(config_now().smtp_host), {portal_id: kept})
    return lists, max(tested, default=None)
