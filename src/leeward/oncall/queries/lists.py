"""Who is on call in one hotline and whom a page would reach, read at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, DateTimeField, F, Max, Q, Value, When
from django.db.models.functions import Coalesce

from leeward.clocks.queries import addresses_on_call
from leeward.installation.queries import config_now
from leeward.oncall.models import Acknowledgement, OnCallPerson, PageWebhook
from leeward.oncall.rules.circles import Circle, Person, Recipient, circles_of, recipients_of
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow, StaffRow
from leeward.people.rules.permissions import ACTS, SUPERVISOR


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

    @property
    def is_ready(self) -> bool:
        """Return whether the portal may take reports."""
        return self.has_on_call and self.has_way


@dataclass(frozen=True, slots=True)
class Lists:
    """All paging settings of a hotline: lists by portal, webhooks, addresses of portals, and its staff."""

    staff: list[StaffRow]
    on_call: dict[int, dict[int, bool]]
    hooks: list[PageWebhook]
    addresses: dict[int, str]
    can_mail: bool

    def circles(self, portal: PortalRow, now: datetime) -> list[Circle]:
        """Return whom the rounds of a page of this portal reach, circle by circle."""
        today, listed = _today(portal, now), self.on_call.get(portal.id, {})
        hook_of = {hook.person_id: hook for hook in self.hooks if hook.person_id is not None}
        persons = [
            Person(
                row.id,
                is_active=row.is_active,
                is_away=row.is_away(today),
                is_supervisor=SUPERVISOR in row.roles,
                is_on_call=listed.get(row.id, False),
                ways=self._ways(row, hook_of.get(row.id)),
            )
            for row in self.staff
            if can_be_paged(row)
        ]
        own = [Recipient(0, "webhook", hook.url, hook.pk) for hook in self.hooks if hook.portal_id == portal.id]
        if self.can_mail and portal.id in self.addresses:
            own.append(Recipient(0, "mail", self.addresses[portal.id]))
        return circles_of(persons, own)

    def _ways(self, row: StaffRow, hook: PageWebhook | None) -> tuple[Recipient, ...]:
        mail = (Recipient(row.id, "mail", row.email),) if self.can_mail and row.email else ()
        return mail + ((Recipient(row.id, "webhook", hook.url, hook.pk),) if hook is not None else ())

    def recipients_first(self, portal: PortalRow, now: datetime) -> list[Recipient]:
        """Return whom the first round of a page reaches."""
        return recipients_of(1, self.circles(portal, now))

    def readiness(self, portal: PortalRow, tested_at: datetime | None, now: datetime) -> Readiness:
        """Return how ready paging is for a portal."""
        has_hook = any(hook.portal_id == portal.id for hook in self.hooks)
        is_listed = any(self.on_call.get(portal.id, {}).values())
        has_way = bool(self.circles(portal, now)[0])
        return Readiness(is_listed or has_hook or portal.id in self.addresses, has_way, tested_at)

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


def can_be_paged(row: StaffRow) -> bool:
    """Return whether pages go to somebody: only people who may acknowledge one are called, since an acknowledgement
    stops paging.
    """
    return bool(row.roles & ACTS["page.acknowledge"])


def _today(portal: PortalRow, now: datetime) -> date:
    return now.astimezone(ZoneInfo(portal.time_zone)).date()


def lists_of(hotline_id: int, portal_ids: list[int]) -> Lists:
    """Return all paging settings for these portals of a hotline; four queries."""
    on_call: dict[int, dict[int, bool]] = defaultdict(dict)
    for portal_id, person_id, is_on in OnCallPerson.objects.values_list("portal_id", "person_id", "is_on"):
        on_call[portal_id][person_id] = is_on
    return Lists(
        staff=people_queries.staff_of(hotline_id),
        on_call=dict(on_call),
        hooks=list(PageWebhook.objects.exclude(url="")),
        addresses=addresses_on_call(portal_ids),
        can_mail=bool(config_now().smtp_host),
    )


def circles(portal: PortalRow, now: datetime) -> list[Circle]:
    """Return whom the rounds of a page of this portal reach, circle by circle."""
    return lists_of(portal.hotline_id, [portal.id]).circles(portal, now)


def recipients_first(portal: PortalRow, now: datetime) -> list[Recipient]:
    """Return whom the first round of a page reaches."""
    return recipients_of(1, circles(portal, now))


def tests_acknowledged() -> dict[int, datetime]:
    """Return when the newest test page of each portal was acknowledged."""
    tested = Acknowledgement.objects.filter(page__kind="test").values("page__portal_id").annotate(at=Max("at"))
    return {row["page__portal_id"]: row["at"] for row in tested}


def readiness(portal: PortalRow, staff: list[StaffRow]) -> Readiness:
    """Return whether one of these colleagues, or a webhook of the portal, would be paged now, and when a test page was
    last acknowledged; one query. An address that belongs to no person doesn't count: nobody there can be on call.
    """
    on_call, hooks, tested_at = _set_for(portal.id)
    lists = Lists(staff, {portal.id: dict.fromkeys(on_call, True)}, hooks, {}, bool(config_now().smtp_host))
    return lists.readiness(portal, tested_at, datetime.now(UTC))


def _set_for(portal_id: int) -> tuple[list[int], list[PageWebhook], datetime | None]:
    """Return who is on the list and switched on, the webhooks, and when a test was acknowledged."""
    columns = ("what", "whose", "when")
    people_on = OnCallPerson.objects.filter(portal_id=portal_id, is_on=True)
    hooks = PageWebhook.objects.exclude(url="").filter(Q(portal_id=portal_id) | Q(person__isnull=False))
    tests = Acknowledgement.objects.filter(page__kind="test", page__portal_id=portal_id)
    found = (
        people_on.annotate(what=Value("person"), whose=F("person_id"), when=F("changed_at"))
        .values_list(*columns)
        .union(
            hooks.annotate(
                what=Case(When(portal__isnull=True, then=Value("own hook")), default=Value("hook")),
                whose=Coalesce(F("portal_id"), F("person_id")),
                when=Value(None, output_field=DateTimeField()),
            ).values_list(*columns),
            tests.annotate(what=Value("test"), whose=F("page__portal_id"), when=F("at")).values_list(*columns),
        )
    )
    rows = list(found)
    made = [
        PageWebhook(portal_id=whose if what == "hook" else None, person_id=whose if what == "own hook" else None)
        for what, whose, _when in rows
        if what in ("hook", "own hook")
    ]
    tested = [when for what, _whose, when in rows if what == "test"]
    return [whose for what, whose, _when in rows if what == "person"], made, max(tested, default=None)
