"""Labels for clocks and rules, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leeward.clocks.rules.due import Rule
from leeward.notices.queries.labels import CLOCKS

RULES: dict[str, str | Promise] = {
    "urgent_assessment": _("first assessment at an urgent case"),
    "urgent_told": _("police told of an urgent case"),
    "urgent_answered": _("police confirmed an urgent case"),
    **CLOCKS,
}
UNITS: dict[str, str | Promise] = {
    "hours": _("hours, day and night"),
    "open_hours": _("hours of working days"),
    "working_days": _("whole working days"),
}
PAUSES: dict[str, str | Promise] = {
    "police_hold": _("the police hold the notice"),
    "appeal": _("an appeal is open"),
}
STEPS: dict[str, str | Promise] = {
    "remind": _("remind the holder"),
    "reassign": _("reassign it"),
    "page": _("page the supervisors"),
}
WHENS: dict[str, str | Promise] = {
    "late": _("overdue"),
    "soon": _("due within six hours"),
    "paused": _("clock paused"),
}
STARTS: dict[str, str | Promise] = {
    "urgent_assessment": _("From the moment an urgent report comes in until somebody takes the case."),
    "first_assessment": _("From the moment a report comes in until somebody takes the case."),
    "police_told": _("From the decision until the referral has gone out. Where the law is stricter, the law wins."),
    "urgent_told": _("From the moment a case becomes urgent until the police have been sent it, day and night."),
    "urgent_answered": _(
        "From the message about an urgent case until the police confirm that they have it, day and night."
    ),
    "police_answered": _("From the referral until the police confirm that they have it."),
    "host_told": _("From the referral until the notice has been sent; the police have time to answer in between."),
    "removed": _("From the notice until the content is gone."),
    "peer_answered": _("From the message to the hotline or police abroad until they answer."),
    "protection_answered": _("From the letter to child protection until it is known what came of it."),
    "appeal": _("From the request for review until it is answered."),
}


def amount_words(rule: Rule) -> str:
    """Return how long a rule allows, in words."""
    number = f"{rule.amount:g}"
    whole = int(rule.amount) if rule.amount == int(rule.amount) else 2
    if rule.unit == "working_days":
        text = ngettext("%(number)s working day", "%(number)s working days", whole)
    elif rule.unit == "open_hours":
        text = ngettext("%(number)s hour of a working day", "%(number)s hours of working days", whole)
    else:
        text = ngettext("%(number)s hour", "%(number)s hours", whole)
    return text % {"number": number}


def step_words(act: str, hours_before: float) -> str:
    """Return when a step comes, in words."""
    word = str(STEPS[act])
    if not hours_before:
        return gettext("%(step)s when it is due") % {"step": word}
    if abs(hours_before) < 1:
        text = (
            gettext("%(step)s %(minutes)s min before")
            if hours_before > 0
            else gettext("%(step)s %(minutes)s min after")
        )
        return text % {"step": word, "minutes": f"{abs(hours_before) * 60:g}"}
    text = gettext("%(step)s %(hours)s h before") if hours_before > 0 else gettext("%(step)s %(hours)s h after")
    return text % {"step": word, "hours": f"{abs(hours_before):g}"}
