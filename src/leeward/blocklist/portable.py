"""The lists' section of the settings file: lists beyond the two that every hotline has, without their entries."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.blocklist.models import KINDS
from leeward.blocklist.queries import block_lists
from leeward.blocklist.services import open_list
from leeward.blocklist.services.lists import OWN_LISTS
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people.settings_file import Plain, Section, offer

LIST = {"title": str, "kind": str, "source": str}
MOST = {"title": 120, "source": 80}


def _lists(hotline_id: int) -> Plain:
    own = {name for name, _kind in OWN_LISTS}
    return {row.name: {name: getattr(row, name) for name in LIST} for row in block_lists() if row.name not in own}


def _take_lists(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = _lists(hotline_id)
    for name, fields in values.items():
        if name in known or name in dict(OWN_LISTS):
            raise BadInput(what=name, why=_("the list is there, and its title, kind and source can’t be changed"))
        wanted = {"title": name, "kind": "partner", "source": "", **fields}
        if wanted["kind"] not in KINDS:
            raise BadInput(what=f"{name}.kind", why=_("the kinds are %(kinds)s") % {"kinds": ", ".join(KINDS)})
        for field, most in MOST.items():
            if len(wanted[field]) > most:
                raise BadInput(what=f"{name}.{field}", why=_("it is longer than %(most)d characters") % {"most": most})
        open_list(name, **wanted, hotline_id=hotline_id, actor=actor)


offer(Section("lists", LIST, _lists, _take_lists, is_table=True, title=gettext_lazy("Blocking lists")))
