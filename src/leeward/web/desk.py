"""The navigation of the desk: which pages there are, who may open them, which keys lead there."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.foundation.actor import Actor
from leeward.people.rules.permissions import may


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One entry of the bar: where, what, for whom, the two keys that lead there, and what else is a part of it."""

    path: str
    title: str | Promise
    act: str
    keys: str
    parts: tuple[str, ...] = ()

    def holds(self, path: str) -> int:
        """How many letters of the path name this page or a part of it; 0 where it is neither."""
        within = [self.path] if self.path != "/desk/" else []
        named = [name for name in (*within, *self.parts) if path == name or path.startswith(f"{name}/")]
        return max(map(len, named), default=len(path) if path == self.path else 0)


PAGES = (
    DeskPage("/desk/", _("Queue"), "case.read", "g q", ("/desk/case", "/desk/list", "/desk/views", "/desk/bulk")),
    DeskPage("/desk/my-day", _("My day"), "case.preview", "g s"),
    DeskPage("/desk/overview", _("Overview"), "case.reassign", "g v", ("/desk/exposure", "/desk/limits")),
    DeskPage("/desk/oncall", _("On call"), "oncall.read", "g z"),
    DeskPage("/desk/clocks", _("Clocks"), "clock.edit", "g t"),
    DeskPage("/desk/appeals", _("Appeals"), "appeal.decide", "g a"),
    DeskPage("/desk/quality", _("Quality"), "case.assess", "g y"),
    DeskPage("/desk/reports", _("Reports"), "report.read", "g r", ("/desk/questions",)),
    DeskPage("/desk/blocking", _("Blocking"), "entry.read", "g b"),
    DeskPage("/desk/publishing", _("Publishing"), "publication.read", "g u"),
    DeskPage("/desk/referrals", _("Police"), "referral.answer", "g f"),
    DeskPage("/desk/known", _("Known?"), "hash.ask", "g i"),
    DeskPage("/desk/bank", _("Known images"), "hash.read", "g n"),
    DeskPage("/desk/outbox", _("Messages"), "outbox.read", "g m"),
    DeskPage("/desk/wordings", _("Texts"), "wording.edit", "g x"),
    DeskPage("/desk/contacts", _("Contacts"), "contact.edit", "g c"),
    DeskPage("/desk/administration", _("Administration"), "hotline.edit", "g d", ("/desk/limits", "/desk/questions")),
    DeskPage("/desk/people", _("People"), "account.edit", "g p"),
    DeskPage("/desk/hotline", _("Hotline"), "hotline.edit", "g h"),
    DeskPage("/desk/portals", _("Portals"), "portal.edit", "g o"),
    DeskPage("/desk/keys", _("Keys"), "token.edit", "g k"),
    DeskPage("/desk/log", _("Log"), "log.read", "g l"),
    DeskPage("/desk/languages", _("Languages"), "language.translate", "g e"),
    DeskPage("/desk/law", _("Law"), "law.edit", "g w"),
)


@lru_cache(maxsize=64)
def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def pages_for(actor: Actor, path: str) -> list[dict[str, object]]:
    """The pages that this actor may open, the one he is on marked."""
    open_to = [page for page in PAGES if may(actor, page.act, actor.hotline_id) and _exists(page.path)]
    here = max(open_to, key=lambda page: page.holds(path), default=None)
    if here and not here.holds(path):
        here = None
    return [{"path": page.path, "title": page.title, "key": page.keys, "is_current": page is here} for page in open_to]
