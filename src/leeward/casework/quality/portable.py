"""Quality's section of the settings file: how many decisions a second person assesses blind."""

from dataclasses import asdict

from django.utils.translation import gettext_lazy

from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import rates_of, set_rates
from leeward.foundation.actor import Actor
from leeward.people.settings_file import Plain, Section, offer

RATES = ("illegal_percent", "closed_percent", "untrained_percent")


def _sampling(hotline_id: int) -> Plain:
    return asdict(rates_of(hotline_id))


def _take_sampling(hotline_id: int, values: Plain, actor: Actor) -> None:
    wanted = Rates(**{**_sampling(hotline_id), **values})
    if wanted != rates_of(hotline_id):
        set_rates(wanted, actor=actor)


offer(
    Section(
        "sampling", dict.fromkeys(RATES, int), _sampling, _take_sampling, title=gettext_lazy("Blind second assessments")
    )
)
