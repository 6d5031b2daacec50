"""Changes settings of the whole installation, and records the results of tests."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, require
from leeward.foundation.whole_text import whole
from leeward.installation import stamp
from leeward.installation.errors import ReasonMissing, SetByTheMachine, TriedTooOften, ValueDoesNotFit
from leeward.installation.labels import fault_sentence, label_of
from leeward.installation.models import Change, Chosen, Trial
from leeward.installation.queries import chosen, default_of, may_set, print_now, variables_of, works
from leeward.installation.rules.choices import CHOICES, PASSWORDS, Value, choices_of, fault_of, tidy
from leeward.installation.sealing import seal, unseal
from leeward.people.queries import PortalChangeRow
from leeward.people.rules.reach import MAIL_SERVER, SETTINGS
from leeward.people.services import ask_change, installation_takes_two
from leeward.web_security.services import allow

MOST_REASON = 300
REASON = "reason"  # beside the requested settings, the reason
# What one person can't change alone, by group: where letters are sent and which sender they name; where answers come
# in; what is seen of a place, and so who is written to about it; how long a host waits for the police.
GUARDED: dict[str, frozenset[str]] = {
    "mail": frozenset({choice.name for choice in choices_of("mail")} - {"bounces_most"}),
    "mailbox": frozenset(choice.name for choice in choices_of("mailbox")),
    "names": frozenset(choice.name for choice in choices_of("names")),
    "fetching": frozenset({"fetch_proxy", "onion_proxy"}),
    "times": frozenset({"police_wait_hours"}),
}
TRIES_A_MINUTE, TRIES_AT_ONCE = 2.0, 6


def change(
    group: str, values: Mapping[str, Any], *, reason: str, actor: Actor, drops_passwords: bool = False
) -> list[str]:
    """Change settings of a group; return the names of those that changed. The change takes effect in every process
    within a second, except that what is `GUARDED` waits for a second person (`waits_for_second`).

    A password that is "" or omitted stays as it is, unless the server or the name that it belongs to changes: then it
    must be given, or is deleted with `drops_passwords`. Raises NotAllowed, BadInput, ValueDoesNotFit, SetByTheMachine,
    ReasonMissing.
    """
    require(may_set(actor))
    why = whole(" ".join(reason.split()), MOST_REASON)
    before, after, names = _wanted(group, values, why, drops_passwords=drops_passwords)
    if waits_for_second(group, names, actor):
        _ask(group, before, {name: after[name] for name in names}, why, actor)
        return names
    with hotline_transaction(INSTALLATION):
        before, after, names = _wanted(group, values, why, drops_passwords=drops_passwords)
        if not names:
            return []
        for name in names:
            _keep(name, after[name])
        Change.objects.create(group=group, names=names, by=actor.label, reason=why, at=datetime.now(UTC))
        facts = {"settings": names}
        record("installation.changed", actor=actor, hotline_id=None, subject=f"settings:{group}", facts=facts)
        stamp.touch()
        transaction.on_commit(stamp.touch)
    return names


def _wanted(
    group: str, values: Mapping[str, Any], why: str, *, drops_passwords: bool
) -> tuple[dict[str, Value], dict[str, Value], list[str]]:
    """Return a group's current values, its requested values, and which names differ. Raises the same errors as `change`."""
    before = chosen(group)
    after = before | _checked(group, values, before)
    after |= _passwords(before, after, drops=drops_passwords)
    names = [name for name in before if after[name] != before[name]]
    for name in names:
        if variables := variables_of(CHOICES[name]):
            raise SetByTheMachine(variable=variables[0])
    if names and not why:
        raise ReasonMissing
    return before, after, names


def waits_for_second(group: str, names: Collection[str], actor: Actor) -> bool:
    """Return whether this actor can't change these settings of a group alone: what children report, and what the police
    answer, could be lost or led elsewhere by them. Such a change takes effect as soon as a second person confirms it."""
    return not GUARDED.get(group, frozenset()).isdisjoint(names) and installation_takes_two(actor)


def _ask(group: str, before: Mapping[str, Value], wanted: Mapping[str, Value], why: str, actor: Actor) -> None:
    """Store the requested change until a second person has confirmed it; passwords are sealed and never shown."""
    kept = {name: seal(str(value)) if name in PASSWORDS and value else value for name, value in wanted.items()}
    was = {name: value for name, value in before.items() if name not in PASSWORDS}
    hotline_id = actor.hotline_id or 0
    with hotline_transaction(hotline_id):
        what, about = (MAIL_SERVER, "") if group == "mail" else (SETTINGS, group)
        ask_change(None, what, hotline_id=hotline_id, about=about, before=was, wanted=kept | {REASON: why}, actor=actor)


def values_once_agreed(agreed: PortalChangeRow) -> dict[str, Value]:
    """Return a group's values once a change of it is confirmed, with its password unsealed."""
    wanted = {name: value for name, value in agreed.wanted.items() if name != REASON}
    for name in PASSWORDS.keys() & wanted.keys():
        wanted[name] = unseal(str(wanted[name])) if wanted[name] else ""
    return chosen(_group_of(agreed)) | wanted


def _group_of(agreed: PortalChangeRow) -> str:
    return "mail" if agreed.what == MAIL_SERVER else agreed.about


def carry_out(agreed: PortalChangeRow) -> None:
    """Apply what two people have agreed on; repeating it changes nothing."""
    values = {name: value for name, value in values_once_agreed(agreed).items() if name in agreed.wanted}
    change(_group_of(agreed), values, reason=str(agreed.wanted[REASON]), actor=SYSTEM, drops_passwords=True)


def demand_test(actor: Actor) -> None:
    """Check that a test may be made now, since each contacts a server that an administrator named. Raises NotAllowed,
    TriedTooOften."""
    require(may_set(actor))
    if not allow("installation test", "all", per_minute=TRIES_A_MINUTE, burst=TRIES_AT_ONCE):
        raise TriedTooOften


def demand_few_tests(what: str, to: str) -> None:
    """Raise TriedTooOften if many tests of a kind went to the same people or address: whoever gets many no longer looks
    at what comes. Six at once, then one every ten minutes; outside any transaction."""
    if not allow(what, to, per_minute=0.1, burst=6):
        raise TriedTooOften


def note_trial(group: str, *, worked: bool, problem: str, actor: Actor) -> None:
    """Record the result of a group's test; `problem` is a word of a closed list."""
    require(may_set(actor))
    _note(group, worked=worked, problem=problem, actor=actor)


def note_use(group: str, *, actor: Actor) -> None:
    """Record that a group's settings work, because they did for something else, such as a hotline's test referral.

    Whoever did that had permission for it, so none is checked here; failures are never recorded this way.
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
    """Restore the effect of earlier choices when a process starts, in case the stamp file is missing after a crash or
    in a new data directory."""
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
    """Return passwords to delete: their server or name changed and nobody typed them again."""
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
