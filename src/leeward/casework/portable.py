"""The desk's section of the settings file: exposure limits."""

from dataclasses import asdict, fields, replace

from django.utils.translation import gettext_lazy

from leeward.casework.exposure.rules.budget import Limits
from leeward.casework.exposure.services.budget import limits_of, set_limits
from leeward.casework.models import DeskLimits
from leeward.foundation.actor import Actor
from leeward.people.settings_file import Plain, Section, offer

NUMBERS = [part.name for part in fields(Limits)]


def _limits(hotline_id: int) -> Plain:
    held = asdict(limits_of(hotline_id))
    reason = DeskLimits.objects.filter(hotline_id=hotline_id).values_list("reason", flat=True).first()
    return {name: held[name] for name in NUMBERS} | {"reason": reason or ""}


def _take_limits(hotline_id: int, values: Plain, actor: Actor) -> None:
    numbers = {name: values[name] for name in NUMBERS if name in values}
    before, reason = limits_of(hotline_id), str(_limits(hotline_id)["reason"])
    wanted, why = replace(before, **numbers), str(values.get("reason", reason)).strip()
    if (wanted, why) != (before, reason):
        set_limits(wanted, reason=why, actor=actor)


KEYS = dict.fromkeys(NUMBERS, int) | {"reason": str}
offer(Section("limits", KEYS, _limits, _take_limits, title=gettext_lazy("Exposure limits")))
