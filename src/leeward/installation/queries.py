"""What holds for the whole installation now, where each value comes from, and who may change it."""

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
from leeward.people.queries import HotlineRow, hotlines
from leeward.people.rules.permissions import may

MOST_CHANGES = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """One choice as it stands: what holds, and what it would be if nobody had chosen. Of a secret both are ''.

    `variables` are those of the environment that take it off the desk; `is_kept` says of a secret that there is one.
    """

    choice: Choice
    value: Value
    default: Value
    variables: tuple[str, ...]
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class TrialRow:
    """How the last test of a group ended; `counts` says whether it was made with the values that hold now."""

    group: str
    worked: bool
    problem: str
    at: datetime
    counts: bool


def config_now() -> Any:
    """The settings of the installation as they hold now: those of the environment, what was chosen on the desk, the defaults.

    Has the fields of `Config`. Cheap; to be asked at each use, for a change holds at once.
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
    """What was chosen, secrets unsealed."""
    return {
        row.name: unseal(row.value) if CHOICES[row.name].is_secret else row.value
        for row in Chosen.objects.all()
        if row.name in CHOICES
    }


def default_of(choice: Choice) -> Value:
    """What a choice is while neither the environment nor anybody here has said anything."""
    if choice.name in FIRST:
        return FIRST[choice.name]
    value = type(settings.LEEWARD).model_fields[choice.field].default
    return list(value) if isinstance(value, tuple) else choice.kind(value)


def chosen(group: str) -> dict[str, Value]:
    """The values of a group as pages set them, secrets too, whatever the environment says; for services."""
    kept = stamp.seen(_read)
    return {choice.name: kept.get(choice.name, default_of(choice)) for choice in choices_of(group)}


def variables_of(choice: Choice) -> tuple[str, ...]:
    """The variables of the environment that say what this is; none where pages may."""
    return tuple(f"LEEWARD_{field.upper()}" for field in sorted(locks_of(choice) & settings.LEEWARD.model_fields_set))


def standings(group: str) -> list[Standing]:
    """Every choice of a group as it stands."""
    here = chosen(group)
    return [_standing(choice, here[choice.name]) for choice in choices_of(group)]


def _standing(choice: Choice, here: Value) -> Standing:
    default, variables = default_of(choice), variables_of(choice)
    if not variables:
        value = "" if choice.is_secret else here
        return Standing(choice, value, default, (), is_kept=choice.is_secret and bool(here))
    if choice.into or choice.is_secret:  # a mailbox in the environment is one word with a password in it
        is_kept = bool(getattr(settings.LEEWARD, choice.field))
        return Standing(choice, "", default, variables, is_kept=is_kept)
    value = getattr(settings.LEEWARD, choice.field)
    return Standing(choice, list(value) if isinstance(value, tuple) else value, default, variables)


def is_on_the_desk(group: str) -> bool:
    """Whether anything of a group can be set on the desk."""
    return any(not variables_of(choice) for choice in choices_of(group))


def runs_it() -> HotlineRow | None:
    """The hotline whose administrators set what holds for all: the one that LEEWARD_RUN_BY names, else the first that was made."""
    known = sorted(hotlines(), key=lambda row: row.id)
    wanted = settings.LEEWARD.run_by
    return next((row for row in known if wanted in ("", row.slug)), None)


def may_set(actor: Actor) -> Decision:
    """Whether somebody may change what holds for every hotline here."""
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
    """Whether this is the hotline that runs the installation."""
    running = runs_it()
    return running is not None and running.id == hotline_id


def may_decide_shared(actor: Actor, act: str) -> Decision:
    """Whether somebody may decide about what all hotlines here share: people of the one that runs the installation, and the command."""
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
    """Whether people of a hotline see a proposal that was made in `proposed_in`: their own, or any where theirs decides."""
    return hotline_id is not None and (hotline_id == proposed_in or is_run_by(hotline_id))


def changes_of(group: str) -> list[Change]:
    """The last changes of a group, the newest first."""
    return list(Change.objects.filter(group=group).order_by("-id")[:MOST_CHANGES])


def trials() -> dict[str, TrialRow]:
    """The last test of each group that was tested."""
    return {
        row.group: TrialRow(row.group, row.worked, row.problem, row.at, counts=row.print == print_now(row.group))
        for row in Trial.objects.all()
    }


def works(group: str) -> bool:
    """Whether the last test of a group worked, with the values that hold now."""
    row = Trial.objects.filter(group=group, worked=True).first()
    return row is not None and row.print == print_now(group)


def print_now(group: str) -> str:
    """A hash of the values of a group that hold now."""
    config = config_now()
    fields = sorted({choice.field for choice in choices_of(group)})
    return print_of(json.dumps([group, *(getattr(config, field) for field in fields)], default=str))
