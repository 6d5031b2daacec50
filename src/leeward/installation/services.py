"""Changing what holds for the whole installation, and writing down how a test ended."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, require
from leeward.installation import stamp
from leeward.installation.errors import ReasonMissing, SetByTheMachine, TriedTooOften, ValueDoesNotFit
from leeward.installation.labels import fault_sentence, label_of
from leeward.installation.models import Change, Chosen, Trial
from leeward.installation.queries import chosen, default_of, may_set, print_now, variables_of, works
from leeward.installation.rules.choices import CHOICES, PASSWORDS, Value, fault_of, tidy
from leeward.installation.sealing import seal
from leeward.web_security.services import allow

MOST_REASON = 300
TRIES_A_MINUTE, TRIES_AT_ONCE = 2.0, 6


def change(
    group: str, values: Mapping[str, Any], *, reason: str, actor: Actor, drops_passwords: bool = False
) -> list[str]:
    """Set choices of a group; return the names of those that changed. It holds in every process within a second.

    A password that is '' or left out stays as it is, but not when the server or the name that it belongs to changes: then
    it must be given, or with `drops_passwords` it goes. Raises NotAllowed, BadInput, ValueDoesNotFit, SetByTheMachine, ReasonMissing.
    """
    require(may_set(actor))
    with hotline_transaction(INSTALLATION):
        before = chosen(group)
        after = before | _checked(group, values, before)
        after |= _passwords(before, after, drops=drops_passwords)
        names = [name for name in before if after[name] != before[name]]
        if not names:
            return []
        for name in names:
            if variables := variables_of(CHOICES[name]):
                raise SetByTheMachine(variable=variables[0])
        why = " ".join(reason.split())[:MOST_REASON]
        if not why:
            raise ReasonMissing
        for name in names:
            _keep(name, after[name])
        by = actor.name or actor.kind
        Change.objects.create(group=group, names=names, by=by, reason=why, at=datetime.now(UTC))
        facts = {"settings": names}
        record("installation.changed", actor=actor, hotline_id=None, subject=f"settings:{group}", facts=facts)
        stamp.touch()
        transaction.on_commit(stamp.touch)
    return names


def demand_test(actor: Actor) -> None:
    """Whether a test may be made now; every one asks a server that an administrator named. Raises NotAllowed, TriedTooOften."""
    require(may_set(actor))
    if not allow("installation test", "all", per_minute=TRIES_A_MINUTE, burst=TRIES_AT_ONCE):
        raise TriedTooOften


def note_trial(group: str, *, worked: bool, problem: str, actor: Actor) -> None:
    """Write down how a test of a group ended; `problem` is a word of a closed list."""
    require(may_set(actor))
    _note(group, worked=worked, problem=problem, actor=actor)


def note_use(group: str, *, actor: Actor) -> None:
    """Write down that a group works as it is set: it did for something else, such as a hotline's test referral.

    Whoever did that has the right to it, so nothing is asked here; that a group fails is never said so.
    """
    if not works(group):
        _note(group, worked=True, problem="", actor=actor)


def _note(group: str, *, worked: bool, problem: str, actor: Actor) -> None:
    with hotline_transaction(INSTALLATION):
        row = {"worked": worked, "problem": problem, "print": print_now(group), "at": datetime.now(UTC)}
        Trial.objects.update_or_create(group=group, defaults=row)
        facts = {"worked": worked, "problem": problem}
        record("installation.tried", actor=actor, hotline_id=None, subject=f"settings:{group}", facts=facts)


def wake() -> None:
    """At the start of a process: what was chosen before the data directory was new, or a machine stopped at once, holds again."""
    try:
        if Chosen.objects.exists():
            stamp.touch()
    except DatabaseError:  # no tables yet: nothing was chosen
        return


def _checked(group: str, values: Mapping[str, Any], before: Mapping[str, Value]) -> dict[str, Value]:
    good = {}
    for name, value in values.items():
        if name not in before:
            raise BadInput(what=f"{group}.{name}", why=_("there is no such setting"))
        choice = CHOICES[name]
        neat = tidy(choice, value)
        if choice.is_secret and neat == "":
            continue
        if neat != before[name] and (fault := fault_of(choice, neat)):
            raise ValueDoesNotFit(name=name, what=label_of(name), why=fault_sentence(fault, choice))
        good[name] = neat
    return good


def _passwords(before: Mapping[str, Value], after: Mapping[str, Value], *, drops: bool) -> dict[str, Value]:
    """Passwords that must not stay: their server or name changed and nobody typed them again."""
    gone: dict[str, Value] = {}
    for name, belongs_to in PASSWORDS.items():
        if name not in before or not before[name] or after[name] != before[name]:
            continue
        if any(after[one] != before[one] for one in belongs_to):
            user = next(one for one in belongs_to if one.endswith("_user"))
            if not drops and after[user]:
                raise ValueDoesNotFit(name=name, what=label_of(name), why=fault_sentence("password", CHOICES[name]))
            gone[name] = ""
    return gone


def _keep(name: str, value: Value) -> None:
    choice = CHOICES[name]
    if value == default_of(choice):
        Chosen.objects.filter(name=name).delete()
        return
    kept = seal(str(value)) if choice.is_secret else value
    Chosen.objects.update_or_create(name=name, defaults={"value": kept})
