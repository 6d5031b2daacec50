"""The navigation of the desk: five groups, the pages in each, who may open them, and their keyboard shortcuts."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.foundation.actor import Actor
from leeward.people.rules.desk_parts import BANK, BLOCKING, EXCHANGE, KEYS, LANGUAGES, LAW, QUALITY
from leeward.people.rules.permissions import may

QUEUE = "/desk/"


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page of a group: its address, its label, who may open it, its two-key shortcut, which other addresses belong
    to it, and with which optional part of the desk it disappears."""

    path: str
    title: str | Promise
    act: str
    keys: str = ""
    parts: tuple[str, ...] = ()
    goes_with: str = ""

    def holds(self, address: str) -> int:
        """Return the length of the longest prefix of an address that belongs to this page; 0 if none does."""
        own, target = urlsplit(self.path), urlsplit(address)
        if own.query:
            is_here = own.path == target.path and set(parse_qsl(own.query)) <= set(parse_qsl(target.query))
            return len(self.path) if is_here else 0
        within = [self.path] if self.path != QUEUE else []
        named = [name for name in (*within, *self.parts) if target.path == name or target.path.startswith(f"{name}/")]
        return max(map(len, named), default=len(self.path) if target.path == self.path else 0)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of pages in the bar."""

    title: str | Promise
    pages: tuple[DeskPage, ...]


GROUPS = (
    Group(
        _("Cases"),
        (
            DeskPage(
                QUEUE,
                _("Queue"),
                "case.read",
                "g q",
                (
                    "/desk/case",
                    "/desk/list",
                    "/desk/views",
                    "/desk/bulk",
                    "/desk/outside-reviewers",
                    "/desk/outside-reviews",
                ),
            ),
            DeskPage("/desk/my-day", _("My day"), "case.preview", "g s"),
            DeskPage("/desk/?view=urgent", _("Urgent"), "case.read", "g g"),
            DeskPage("/desk/oncall", _("On call"), "oncall.read", "g z"),
            DeskPage("/desk/referrals", _("Police"), "referral.answer", "g f"),
            DeskPage("/desk/outbox", _("Outbox"), "outbox.read", "g m"),
            DeskPage("/desk/money", _("Money"), "case.read", parts=("/desk/payment-alerts",)),
            DeskPage("/desk/exchange", _("Exchange"), "report.enter", goes_with=EXCHANGE),
            DeskPage("/desk/tips", _("Tips from abroad"), "report.enter"),
            DeskPage("/desk/providers", _("Providers"), "provider.read"),
        ),
    ),
    Group(_("Reports"), (DeskPage("/desk/reports", _("Reports"), "report.read", "g r", ("/desk/questions",)),)),
    Group(
        _("Lists"),
        (
            DeskPage("/desk/blocking", _("Blocking"), "entry.read", "g b", goes_with=BLOCKING),
            DeskPage("/desk/publishing", _("Publishing"), "publication.read", "g u", goes_with=BLOCKING),
            DeskPage("/desk/bank", _("Known images"), "hash.read", "g n", goes_with=BANK),
            DeskPage("/desk/known", _("Hash look-up"), "hash.ask", "g i", goes_with=BANK),
        ),
    ),
    Group(
        _("Quality"),
        (
            DeskPage("/desk/overview", _("Overview"), "case.reassign", "g v"),
            DeskPage("/desk/clocks", _("Clocks"), "case.reassign", "g t"),
            DeskPage("/desk/figures", _("Figures of a quarter"), "case.export"),
            DeskPage("/desk/indicators", _("Figures of a year"), "figure.read"),
            DeskPage("/desk/hosting-and-law", _("Hosting and the law"), "figure.read"),
            DeskPage("/desk/national-response", _("National response"), "response.edit"),
            DeskPage("/desk/league", _("Who acts, and how quickly"), "outbox.read"),
            DeskPage("/desk/appeals", _("Appeals"), "appeal.decide", "g a"),
            DeskPage("/desk/quality", _("Assessor agreement"), "case.assess", "g y", goes_with=QUALITY),
            DeskPage("/desk/exposure", _("Exposure"), "exposure.read", parts=("/desk/limits",)),
            DeskPage("/desk/log", _("Log"), "log.read", "g l"),
        ),
    ),
    Group(
        _("Settings"),
        (
            DeskPage(
                "/desk/administration",
                _("Administration"),
                "hotline.edit",
                "g d",
                ("/desk/limits", "/desk/questions", "/desk/outside-reviewers"),
            ),
            DeskPage("/desk/hotline", _("Hotline"), "hotline.edit", "g h"),
            DeskPage("/desk/portals", _("Portals"), "portal.edit", "g o"),
            DeskPage("/desk/people", _("People"), "account.edit", "g p"),
            DeskPage("/desk/contacts", _("Contacts"), "contact.edit", "g c"),
            DeskPage("/desk/peers", _("Other hotlines"), "peer.edit", goes_with=EXCHANGE),
            DeskPage("/desk/receivers", _("Receivers of reports"), "receiver.edit", parts=("/desk/fiu",)),
            DeskPage("/desk/wordings", _("Templates"), "wording.edit", "g x"),
            DeskPage("/desk/time-limits", _("Time limits"), "clock.edit", "g j"),
            DeskPage("/desk/law", _("Law"), "law.edit", "g w", goes_with=LAW),
            DeskPage("/desk/learning", _("Learning material"), "material.edit"),
            DeskPage("/desk/training", _("Training"), "training.edit"),
            DeskPage("/desk/languages", _("Languages"), "language.translate", "g e", goes_with=LANGUAGES),
            DeskPage("/desk/keys", _("API keys"), "token.edit", "g k", goes_with=KEYS),
        ),
    ),
    Group(_("Care"), (DeskPage("/desk/care", _("Care"), "care.own"),)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the bar."""

    path: str
    title: str | Promise
    keys: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """What one person sees: the groups, the pages of the current group, every other page for its shortcut, and whether
    cases can be searched."""

    groups: tuple[Entry, ...]
    title: str | Promise
    marks_group: str
    pages: tuple[Entry, ...]
    elsewhere: tuple[tuple[str | Promise, tuple[Entry, ...]], ...]
    may_search: bool


@lru_cache(maxsize=64)
def _exists(path: str) -> bool:
    try:
        resolve(urlsplit(path).path)
    except Resolver404:
        return False
    return True


def bar_for(actor: Actor, address: str, unused: frozenset[str] = frozenset()) -> Bar:
    """Return the groups that have pages for this actor, with the current page marked and without the parts that the
    hotline doesn't use."""
    open_to = {
        group: tuple(
            page
            for page in group.pages
            if page.goes_with not in unused and may(actor, page.act, actor.hotline_id) and _exists(page.path)
        )
        for group in GROUPS
    }
    every = [page for pages in open_to.values() for page in pages]
    here = max(every, key=lambda page: page.holds(address), default=None)
    if here is not None and not here.holds(address):
        here = None
    entries = {
        group: tuple(Entry(page.path, page.title, page.keys, page is here) for page in pages)
        for group, pages in open_to.items()
        if pages
    }
    current = next((group for group, pages in open_to.items() if here in pages), None)
    within = entries[current] if current is not None else ()
    is_alone = len(within) == 1  # its group links to it, and is the page
    return Bar(
        groups=tuple(Entry(pages[0].path, group.title, "", group is current) for group, pages in entries.items()),
        title=current.title if current is not None else "",
        marks_group="page" if is_alone else "true",
        pages=() if is_alone else within,
        elsewhere=tuple((group.title, pages) for group, pages in entries.items() if group is not current),
        may_search=any(page.path == QUEUE for page in every),
    )
