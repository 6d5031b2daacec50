"""The installation's sections in the settings file, one per group; only for the hotline that runs it. No passwords."""

from functools import partial

from django.utils.translation import gettext as _

from leeward.foundation.actor import Actor
from leeward.installation.labels import GROUPS as WORDS
from leeward.installation.labels import label_of
from leeward.installation.queries import chosen, runs_it, variables_of
from leeward.installation.rules.choices import CHOICES, GROUPS, PASSWORDS, choices_of
from leeward.installation.services import change
from leeward.people.queries import portal_changes_waiting
from leeward.people.rules.reach import MAIL_SERVER, SETTINGS
from leeward.people.settings_file import Plain, Section, offer

REASON = "from a settings file"


def _runs_it(hotline_id: int) -> bool:
    running = runs_it()
    return running is not None and running.id == hotline_id


def _read(group: str, hotline_id: int) -> Plain:
    """Return what was chosen; values from the machine's environment are not part of a file."""
    here = chosen(group)
    return {name: here[name] for name in here if name not in PASSWORDS and not variables_of(CHOICES[name])}


def _take(group: str, hotline_id: int, values: Plain, actor: Actor) -> None:
    change(group, values, reason=REASON, actor=actor, drops_passwords=True)


def _by_hand(group: str, hotline_id: int, values: Plain) -> list[str]:
    """Return what must be typed again after an import: the passwords of servers that we log in to."""
    here = {name: value for name, value in chosen(group).items() if not variables_of(CHOICES[name])}
    logs_in = {name: next(one for one in parts if one.endswith("_user")) for name, parts in PASSWORDS.items()}
    missing = [name for name, user in logs_in.items() if here.get(user) and not here.get(name)]
    mine = (MAIL_SERVER, "") if group == "mail" else (SETTINGS, group)
    waiting = [one.waits for one in portal_changes_waiting(hotline_id) if (one.what, one.about) == mine]
    text = _("Type it under %(part)s: %(name)s.")
    return waiting + [text % {"part": WORDS[group][0], "name": label_of(name)} for name in missing]


def _section(group: str) -> Section:
    keys = {choice.name: choice.kind for choice in choices_of(group) if not choice.is_secret}
    return Section(
        f"installation_{group}", keys, partial(_read, group), partial(_take, group),
        title=WORDS[group][0], applies=_runs_it, by_hand=partial(_by_hand, group),
    )  # fmt: skip


for _group in GROUPS:
    offer(_section(_group))
