"""The clocks' sections of the settings file: the rules that a hotline set itself, and who is paged. Holidays belong to
portals.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.clocks.models import OnCall
from leeward.clocks.queries import rule_of, rules_of_portals
from leeward.clocks.rules.due import ACTS, PAUSES, Rule, Step
from leeward.clocks.rules.recommended import RECOMMENDED
from leeward.clocks.services.ruling import set_on_call, set_rule
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.errors import FieldIsWrong
from leeward.people.labels import WAITS_OF
from leeward.people.queries import portals_of, slugs_waiting
from leeward.people.rules.reach import ON_CALL_MAIL
from leeward.people.settings_file import NUMBER, NUMBER_OR_NOTHING, Kind, Plain, Section, offer

# A step is the number of hours before the due time, negative for after; without a value it is not taken.
RULE: dict[str, Kind] = {"amount": NUMBER, "unit": str, "pauses": list} | dict.fromkeys(ACTS, NUMBER_OR_NOTHING)


def _plain(rule: Rule) -> dict[str, Any]:
    steps = {step.act: _number(step.hours_before) for step in rule.steps}
    plain = {"amount": _number(rule.amount), "unit": rule.unit, "pauses": list(rule.pauses)}
    return plain | {act: steps.get(act) for act in ACTS}


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _portals(hotline_id: int) -> dict[str, int]:
    return {row.slug: row.id for row in portals_of(hotline_id)}


def _rules(hotline_id: int) -> Plain:
    portals = _portals(hotline_id)
    rules = rules_of_portals(portals.values())
    return {
        f"{slug}/{kind}": _plain(row.rule)
        for slug, number in sorted(portals.items())
        for kind, row in rules[number].items()
        if row.number
    }


def _take_rules(hotline_id: int, values: Plain, actor: Actor) -> None:
    portals = _portals(hotline_id)
    for name, fields in values.items():
        slug, _slash, kind = name.partition("/")
        if slug not in portals:
            raise NotFound(what=_("portal"))
        if kind not in RECOMMENDED:
            raise BadInput(what=name, why=_("a rule is named portal/clock, and the clocks are %(clocks)s") % _clocks())
        wanted = {**_plain(rule_of(portals[slug], kind).rule), **fields}
        pauses = tuple(name for name in PAUSES if name in wanted["pauses"])
        if len(pauses) != len(set(wanted["pauses"])):
            raise BadInput(what=f"{name}.pauses", why=_("the pauses are %(pauses)s") % {"pauses": ", ".join(PAUSES)})
        steps = tuple(Step(act, float(wanted[act])) for act in ACTS if wanted[act] is not None)
        set_rule(portals[slug], kind, Rule(float(wanted["amount"]), str(wanted["unit"]), pauses, steps), actor=actor)


def _clocks() -> dict[str, str]:
    return {"clocks": ", ".join(RECOMMENDED)}


def _on_call(hotline_id: int) -> Plain:
    slugs = {number: slug for slug, number in _portals(hotline_id).items()}
    found = OnCall.objects.filter(portal_id__in=slugs).order_by("portal_id")
    return {slugs[row.portal_id]: {"email": row.email} for row in found}


def _take_on_call(hotline_id: int, values: Plain, actor: Actor) -> None:
    portals = _portals(hotline_id)
    for slug, fields in values.items():
        if slug not in portals:
            raise NotFound(what=_("portal"))
        email = str(fields.get("email", "")).strip()
        try:
            if email:
                validate_email(email)
        except ValidationError as error:
            raise FieldIsWrong(field="email", why=_("This is not a complete address.")) from error
        set_on_call(portals[slug], email, actor=actor)


def _waiting(hotline_id: int, values: Plain) -> list[str]:
    return [str(WAITS_OF) % {"name": slug} for slug in slugs_waiting(hotline_id, ON_CALL_MAIL, values)]


offer(Section("clocks", RULE, _rules, _take_rules, is_table=True, title=gettext_lazy("Clocks")))
offer(
    Section(
        "on_call",
        {"email": str},
        _on_call,
        _take_on_call,
        is_table=True,
        title=gettext_lazy("Who is paged"),
        by_hand=_waiting,
    )
)
