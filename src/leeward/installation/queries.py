"""The current settings of the whole installation, where each value comes from, and who may change it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.foundation.actor import YES, Actor, Decision, no
from leeward.installation import stamp
from leeward.installation.labels import nobody_may
from leeward.installation.models import Change, Chosen, Trial
from leeward.installation.rules.choices import CHOICES, FIRST, Choice, Value, choices_of, locks_of, mailbox_setting
from leeward.installation.sealing import print_of, unseal
from leeward.people.queries import DeskFrame, HotlineRow, hotlines, names_of_accounts
from leeward.people.rules.permissions import may

MOST_CHANGES = 10
STAFF = "staff:"  # before the number of an account, as in the log


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of one setting: its value, and its default. For a secret both are "".

    `variables` are those of the environment that take it off the desk; `is_kept` says of a secret that one is stored.
    """

    choice: Choice
    value: Value
    default: Value
    variables: tuple[str, ...]
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class TrialRow:
    """The result of a group's last test; `counts` says whether it was made with the current values."""

    group: str
    worked: bool
    problem: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a group: which settings, by whom, why and when."""

    names: list[str]
    by: str
    reason: str
    at: datetime


def config_now() -> Any:
    """Return the installation's current settings: from the environment, from the desk, or the defaults.

    Has the fields of `Config`. Cheap; call it at each use, since a change takes effect at once.
    """
    base = settings.LEEWARD
    kept = stamp.seen(_read)
    if not kept:
        return base
    fresh: dict[str, object] = {}
    for choice in CHOICES.values():
        if choice.name in kept and not choice.into and not locks_of(choice) & base.model_fields_set:
            value = kept[choice.name]
            fresh[choice.field] = tuple(value) if isinstance(value, list) else value
    if "mailbox" not in base.model_fields_set:
        fresh["mailbox"] = mailbox_setting({**FIRST, **kept})
    return base.model_copy(update=fresh)


def _read() -> Mapping[str, Value]:
    """Return what was chosen, with secrets unsealed."""
    return {
        row.name: unseal(row.value) if CHOICES[row.name].is_secret else row.value
        for row in Chosen.objects.all()
        if row.name in CHOICES
    }


def default_of(choice: Choice) -> Value:
    """Return a setting's value if neither the environment nor anybody here has set it."""
    if choice.name in FIRST:
        return FIRST[choice.name]
    value = type(settings.LEEWARD).model_fields[choice.field].default
    return list(value) if isinstance(value, tuple) else choice.kind(value)


def chosen(group: str) -> dict[str, Value]:
    """Return the values of a group as set on the desk, including secrets, regardless of the environment; for services."""
    kept = stamp.seen(_read)
    return {choice.name: kept.get(choice.name, default_of(choice)) for choice in choices_of(group)}


def variables_of(choice: Choice) -> tuple[str, ...]:
    """Return the environment variables that fix this setting; empty if the desk may set it."""
    return tuple(f"LEEWARD_{field.upper()}" for field in sorted(locks_of(choice) & settings.LEEWARD.model_fields_set))


def standings(group: str) -> list[Standing]:
    """Return the state of every setting of a group."""
    here = chosen(group)
    return [_standing(choice, here[choice.name]) for choice in choices_of(group)]


def _standing(choice: Choice, here: Value) -> Standing:
    default, variables = default_of(choice), variables_of(choice)
    if not variables:
        value = "" if choice.is_secret else here
        return Standing(choice, value, default, (), is_kept=choice.is_secret and bool(here))
    if choice.into or choice.is_secret:  # in the environment a mailbox is a single value with a password in it
        is_kept = bool(getattr(settings.LEEWARD, choice.field))
        return Standing(choice, "", default, variables, is_kept=is_kept)
    value = getattr(settings.LEEWARD, choice.field)
    return Standing(choice, list(value) if isinstance(value, tuple) else value, default, variables)


def is_on_the_desk(group: str) -> bool:
    """Return whether any setting of a group can be changed on the desk."""
    return any(not variables_of(choice) for choice in choices_of(group))


def runs_it() -> HotlineRow | None:
    """Return the hotline whose administrators set what applies to all: the one that LEEWARD_RUN_BY names, else the
    first that was made."""
    known = sorted(hotlines(), key=lambda row: row.id)
    wanted = settings.LEEWARD.run_by
    return next((row for row in known if wanted in ("", row.slug)), None)


def may_set(actor: Actor) -> Decision:
    """Return whether somebody may change settings for every hotline here."""
    decision = may(actor, "installation.edit", actor.hotline_id)
    if not decision or actor.kind != "staff":
        return decision
    running = runs_it()
    if running is None:
        return no(nobody_may())
    if running.id == actor.hotline_id:
        return YES
    return no(_("the administrators of %(name)s set what applies to every hotline here") % {"name": running.name})


def is_run_by(hotline_id: int | None) -> bool:
    """Return whether this hotline runs the installation."""
    running = runs_it()
    return running is not None and running.id == hotline_id


def is_run_from(house: DeskFrame) -> bool:
    """Return whether the hotline of this desk runs the installation; no query."""
    return settings.LEEWARD.run_by == house.slug if settings.LEEWARD.run_by else house.is_first


def may_decide_shared(actor: Actor, act: str) -> Decision:
    """Return whether somebody may decide about what all hotlines here share: staff of the one that runs the
    installation, and the command line."""
    decision = may(actor, act, actor.hotline_id)
    if not decision or actor.kind == "command" or is_run_by(actor.hotline_id):
        return decision
    running = runs_it()
    if running is None:
        return no(nobody_may())
    return no(
        _("people at %(name)s decide about what all hotlines here share; you can propose") % {"name": running.name}
    )


def sees_shared(hotline_id: int | None, proposed_in: int | None) -> bool:
    """Return whether staff of a hotline see a proposal made in `proposed_in`: their own, or any if their hotline decides."""
    return hotline_id is not None and (hotline_id == proposed_in or is_run_by(hotline_id))


def changes_of(group: str) -> list[ChangeRow]:
    """Return the last changes of a group, newest first, with the name that whoever made them has now."""
    rows = list(Change.objects.filter(group=group).order_by("-id")[:MOST_CHANGES])
    makers = {row.pk: _account_of(row.by) for row in rows}
    names = names_of_accounts({number for number in makers.values() if number is not None})
    return [ChangeRow(row.names, names.get(makers[row.pk] or 0, row.by), row.reason, row.at) for row in rows]


def data_of_changes(account_id: int) -> list[dict[str, Any]]:
    """Return the settings that a member of staff changed alone, for whoever asks for their own data."""
    fields = ("group", "names", "reason", "at")
    return list(Change.objects.filter(by=f"{STAFF}{account_id}").order_by("pk").values(*fields))


def _account_of(label: str) -> int | None:
    number = label.removeprefix(STAFF)
    return int(number) if label.startswith(STAFF) and number.isdecimal() else None


def trials() -> dict[str, TrialRow]:
    """Return the last test of each group that was tested."""
    return {
        row.group: TrialRow(row.group, row.worked, row.problem, row.at, counts=row.print == print_now(row.group))
        for row in Trial.objects.all()
    }


def works(group: str) -> bool:
    """Return whether the last test of a group succeeded with the current values."""
    row = Trial.objects.filter(group=group, worked=True).first()
    return row is not None and row.print == print_now(group)


def print_now(group: str) -> str:
    """Return a hash of a group's current values."""
    config = config_now()
    fields = sorted({choice.field for choice in choices_of(group)})
    return print_of(json.dumps([group, *(getattr(config, field) for field in fields)], default=str))
