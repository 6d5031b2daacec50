"""Labels of this slice; translated where they are shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.national.rules.standing import MOST_EVIDENCE, Measured

FAULTS = {
    "not_a_phase": _("Choose one of the phases."),
    "says_nothing": _("Choose a phase, or say who acts next or by when."),
    "needs_reason": _("This is not what was measured: say why."),
    "not_a_target": _("The day must be from 2000 to 2099."),
    "too_long": _("This is too long: at most %(most)s characters.") % {"most": MOST_EVIDENCE},
}
_IN_TIME = _("In time: %(part)s of %(whole)s cases of the year.")
_TRAINED = _("Trained, still valid: %(trained)s. Needed: %(needed)s.")
_IN_FORCE = _("In force: %(citations)s.")
_SENTENCES: dict[str, Promise] = {
    "law_criteria": _("At least %(least)s and at most %(most)s of five criteria are met, by edition %(edition)s."),
    "law_duty": _IN_FORCE,
    "solicitation_offence": _IN_FORCE,
    "hotline_running": _("Reports of the year: %(reports)s. Years of published figures: %(years)s."),
    "hotline_in_time": _IN_TIME,
    "removal_notice": _IN_TIME,
    "police_told": _IN_TIME,
    "police_trained": _TRAINED,
    "courts_trained": _TRAINED,
    "victims_trained": _TRAINED,
    "exchange_hotlines": _("Hotlines with which reports are exchanged: %(peers)s."),
    "blocking_list": _("Lists: %(lists)s. Published: %(published)s. Subscribers: %(subscribers)s."),
    "victims_images": _("Hashes of known images are on record here."),
    "industry_partners": _("Approved providers: %(providers)s."),
    "education_material": _("Reviewed entries: %(reviewed)s, for %(audiences)s of six audiences."),
    "steering_figures": _("Years of published figures: %(years)s."),
}
_LAW, _YEAR, _TRAINING = _("law register"), _("figures of the year"), _("training")
SOURCES: dict[str, tuple[Promise, str]] = {
    "law_criteria": (_LAW, "/law/%(country)s"),
    "law_duty": (_LAW, "/law/%(country)s"),
    "solicitation_offence": (_LAW, "/law/%(country)s"),
    "hotline_running": (_("portals and reports"), "/desk/indicators"),
    "hotline_assesses": (_("portals"), "/desk/portals"),
    "hotline_in_time": (_YEAR, "/desk/indicators?year=%(year)s"),
    "removal_notice": (_YEAR, "/desk/indicators?year=%(year)s"),
    "police_told": (_YEAR, "/desk/indicators?year=%(year)s"),
    "police_trained": (_TRAINING, "/desk/training/needs"),
    "courts_trained": (_TRAINING, "/desk/training/needs"),
    "victims_trained": (_TRAINING, "/desk/training/needs"),
    "exchange_hotlines": (_("other hotlines"), "/desk/peers"),
    "blocking_list": (_("blocking lists"), "/desk/publishing"),
    "victims_images": (_("known images"), "/desk/bank"),
    "industry_partners": (_("providers"), "/desk/providers"),
    "education_material": (_("learning material"), "/desk/learning"),
    "steering_figures": (_("published figures"), "/desk/indicators"),
}


def measured_words(name: str, measured: Measured) -> str:
    """Return in a sentence or two what was measured."""
    facts: Mapping[str, object] = measured.facts
    if name == "hotline_assesses":
        words = gettext("Staff assess reports.") if facts.get("assesses") else gettext("Reports are passed on unseen.")
    else:
        shown = {key: gettext("not on record") if value is None else value for key, value in facts.items()}
        words = str(_SENTENCES[name]) % shown
    if facts.get("reviewed") is False:
        words = f"{words} {gettext('No lawyer of the country has reviewed this.')}"
    return words
