"""The index of administration: where each area is set, and its state in one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leeward.foundation.actor import Actor
from leeward.installation.queries import config_now, may_set
from leeward.languages.queries import reviews
from leeward.notices.queries import contacts
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow
from leeward.people.rules.permissions import may


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the index: a page, what is set there, and its state."""

    url: str
    title: str | Promise
    about: str | Promise
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Areas that belong together."""

    title: str | Promise
    areas: list[Area]


# Pages of other slices, by group and in the order of the index; those that this installation doesn't have are left out.
_ELSEWHERE: tuple[tuple[str | Promise, tuple[tuple[str, str, str | Promise, str | Promise], ...]], ...] = (
    (
        _("How we work"),
        (
            (
                "casework:edit-limits",
                "limits.edit",
                _("Exposure limits"),
                _("Desk time, previews, breaks, the end of the day"),
            ),
            (
                "clocks:list-rules",
                "hotline.edit",
                _("Time limits"),
                _("How long each step may take, holidays, reminders"),
            ),
            (
                "quality:edit-rates",
                "quality.edit",
                _("Quality"),
                _("How many decisions a second person assesses blind"),
            ),
            (
                "casework:list-outside-reviewers",
                "reviewer.invite",
                _("Outside reviewers"),
                _("A person from another hotline as the second person, for one matter"),
            ),
            ("laws_desk:list-law", "law.edit", _("Law"), _("What each country’s law makes of the facts")),
        ),
    ),
    (
        _("Outgoing messages"),
        (
            (
                "languages:list-languages",
                "hotline.edit",
                _("Languages"),
                _("What the pages say, and who has read it through"),
            ),
            (
                "intake-desk:list-questions",
                "question.edit",
                _("Questions to reporters"),
                _("Ready-made questions for analysts to ask"),
            ),
            ("notices_desk:list-wordings", "wording.edit", _("Notice texts"), _("What police, hosts and owners read")),
            (
                "notices_desk:list-contacts",
                "contact.edit",
                _("Contacts"),
                _("Whom we write to, and whether mail reaches them"),
            ),
            (
                "publishing_desk:change-settings",
                "subscriber.edit",
                _("Publishing of lists"),
                _("Names in the lists, the stop page"),
            ),
            (
                "publishing_desk:list-subscribers",
                "subscriber.edit",
                _("Subscribers"),
                _("Who loads lists, and in which format"),
            ),
        ),
    ),
    (
        _("The machine"),
        (
            (
                "administration:list-groups",
                "installation.edit",
                _("Installation"),
                _("Mail, name servers, fetching, waiting times, how long things are kept: for every hotline here"),
            ),
            (
                "administration:show-restored",
                "installation.edit",
                _("Restored or moved here"),
                _("What is missing and held afterwards, and how it goes on"),
            ),
            (
                "administration:show-file",
                "hotline.edit",
                _("Settings file"),
                _("Export and import all of this as one file"),
            ),
        ),
    ),
)


def areas_of(actor: Actor, portals: Sequence[PortalRow]) -> list[Group]:
    """Return every area that this actor may open, by group."""
    hotline_id = actor.hotline_id or 0
    own = [
        Area(reverse("administration:edit-hotline"), _("Hotline"), _("Name, address, what happens to reports")),
        Area(reverse("people:list-portals"), _("Portals"), _("The public pages for each country"), _portals(portals)),
        Area(
            reverse("administration:list-offers"),
            _("Offered portals"),
            _("From one hotline here to another, handed over"),
        ),
        Area(reverse("people:list-accounts"), _("People"), _("Accounts, roles, leave, leavers"), _people(hotline_id)),
        Area(reverse("people:list-invitations"), _("Invitations"), _("People invited to join"), _invited(hotline_id)),
        Area(
            reverse("administration:list-persons"),
            _("Data of a person"),
            _("A copy for somebody who asks, or erasing; two people"),
        ),
        Area(reverse("people:list-tokens"), _("Keys"), _("API keys for other systems"), _keys(hotline_id)),
    ]
    groups, sets_all = [Group(_("Your hotline"), own)], may_set(actor)
    for title, pages in _ELSEWHERE:
        areas = [
            Area(url, name, about, _STATES[page]() if page in _STATES else "")
            for page, act, name, about in pages
            if may(actor, act, hotline_id) and (url := _url(page)) and (act != "installation.edit" or sets_all)
        ]
        groups += [Group(title, areas)] if areas else []
    return groups


def _languages() -> str:
    """Return how many languages are machine-translated and not yet reviewed by anybody."""
    rows = reviews()
    unread = sum(row.is_unread for row in rows)
    if not unread:
        return ngettext("%(n)d, read through", "%(n)d, all read through", len(rows)) % {"n": len(rows)}
    text = ngettext(
        "%(unread)d of %(n)d is machine-made and unread", "%(unread)d of %(n)d are machine-made and unread", unread
    )
    return text % {"unread": unread, "n": len(rows)}


def _installation() -> str:
    return "" if config_now().smtp_host else gettext("no mail server is set")


def _contacts() -> str:
    bad = contacts(bounced=True).count()
    return ngettext("mail to %(n)d bounces", "mail to %(n)d bounces", bad) % {"n": bad} if bad else ""


_STATES: dict[str, Callable[[], str]] = {
    "administration:list-groups": _installation,
    "languages:list-languages": _languages,
    "notices_desk:list-contacts": _contacts,
}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _portals(portals: Sequence[PortalRow]) -> str:
    taking = sum(row.takes_reports and row.is_open for row in portals)
    text = ngettext("%(taking)d of %(n)d takes reports", "%(taking)d of %(n)d take reports", len(portals))
    return text % {"taking": taking, "n": len(portals)}


def _people(hotline_id: int) -> str:
    active = sum(row.is_active for row in people_queries.staff_of(hotline_id))
    without = people_queries.without_second_factor(hotline_id)
    text = ngettext("%(n)d account", "%(n)d accounts", active) % {"n": active}
    if without:
        more = ngettext("%(n)d without a second factor", "%(n)d without a second factor", without) % {"n": without}
        return f"{text}, {more}"
    return text


def _invited(hotline_id: int) -> str:
    waiting = len(people_queries.invitations_waiting(hotline_id))
    return ngettext("%(n)d pending", "%(n)d pending", waiting) % {"n": waiting} if waiting else ""


def _keys(hotline_id: int) -> str:
    today = datetime.now(UTC).date()
    good = sum(row.is_good(today) for row in people_queries.tokens_of(hotline_id))
    return ngettext("%(n)d active", "%(n)d active", good) % {"n": good}
