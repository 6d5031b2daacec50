"""The forms of the public pages: facts without a case, and the choices for a bill."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.laws.labels import ACTS, MEDIA, STYLE_NAMES
from leeward.laws.rules.bill_options import (
    CLAUSES,
    MODALS,
    OWN_IMAGES,
    PRIVILEGES,
    SILENCES,
    SOLICITATIONS,
    SPEEDS,
    TERMS,
    BillOptions,
    parse_options,
)
from leeward.laws.rules.facts import Facts, parse_facts

_KNOWN = [("unknown", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class WhatIf(forms.Form):
    """A set of facts; missing ones are unknown."""

    medium = forms.ChoiceField(
        label=_("What is it?"), choices=[("undetermined", _("not known")), *MEDIA.items()], required=False
    )
    real_person = forms.ChoiceField(label=_("Is a real person shown?"), choices=_KNOWN, required=False)
    known_age = forms.IntegerField(label=_("True age, where it is proved"), min_value=0, max_value=120, required=False)
    apparent_age = forms.IntegerField(label=_("How old the person looks"), min_value=0, max_value=120, required=False)
    act = forms.ChoiceField(
        label=_("Level of the act"), choices=lambda: list(ACTS.items()), initial="undetermined", required=False
    )
    exploitative = forms.ChoiceField(
        label=_("Is the relationship or context exploitative?"), choices=_KNOWN, required=False
    )
    presented_as_child = forms.ChoiceField(
        label=_("Does the material itself present the person as under 18?"), choices=_KNOWN, required=False
    )

    def facts(self) -> Facts:
        """Return the facts of a valid form; raises BadFacts if they contradict each other."""
        values: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return parse_facts(values)


_YES = [("yes", _("Yes")), ("no", _("No"))]


def _choice(
    label: Any, initial: str, *, choices: list[tuple[str, Any]] | None = None, hint: Any = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices or _YES, initial=initial, required=False, help_text=hint)


class BillChoices(forms.Form):
    """The choices that the toolkit leaves open; each step of the page asks some of them."""

    clauses = _choice(
        _("Which clauses?"),
        CLAUSES[0],
        choices=[
            (CLAUSES[0], _("Those that close the gaps")),
            (CLAUSES[1], _("Also those on unknown points")),
            (CLAUSES[2], _("All")),
        ],
        hint=_("Unknown is not missing: for points that are only unknown you get model provisions, not a bill."),
    )
    style = _choice(_("Style of drafting"), "", choices=[("", _("As is usual in the country")), *STYLE_NAMES.items()])
    modal = _choice(_("Word for a duty"), MODALS[0], choices=[(word, word) for word in MODALS])
    term = _choice(
        _("Term of the law"),
        "",
        choices=[
            ("", _("Today’s term in a new Act, the Act’s own term in an amendment")),
            *((term, term) for term in TERMS),
        ],
    )
    simulated_images = _choice(_("Realistic images without a child?"), "yes")
    proven_adult = _choice(_("Exempt pictures of a person proved to have been an adult?"), "no")
    text_audio = _choice(_("Text and audio too?"), "no", hint=_("Beyond the toolkit, whose text is about images."))
    knowingly = _choice(
        _("“Knowingly” in every offence?"),
        "yes",
        hint=_("The toolkit’s text has it on access only; criterion 4 speaks of knowing possession."),
    )
    substantial_risk = _choice(_("Does seeing a substantial risk count as knowing?"), "no")
    attend = _choice(_("Watching a live performance too?"), "no")
    tools = _choice(_("Tools designed to create the material?"), "no", hint=_("Beyond the toolkit."))
    attempt = _choice(_("Attempt and participation?"), "no", hint=_("Only where the general criminal law lacks it."))
    lawful_work = _choice(
        _("Except lawful work?"),
        "yes",
        hint=_("Beyond the toolkit: police, courts, lawyers, hotline and providers who remove the material."),
    )
    own_images = _choice(
        _("A child’s own picture"),
        OWN_IMAGES[0],
        choices=[
            (OWN_IMAGES[0], _("Exempt only the child")),
            (OWN_IMAGES[1], _("Also exempt consenting children of similar age")),
            (OWN_IMAGES[2], _("No exemption")),
        ],
        hint=_("An adult who receives the picture is never exempt."),
    )
    reporting = _choice(
        _("Include a duty to report?"), "yes", choices=[("yes", _("Yes")), ("no", _("No, leave criterion 5 open"))]
    )
    speed = _choice(
        _("How fast"),
        SPEEDS[0],
        choices=[
            (SPEEDS[0], _("Immediately")),
            (SPEEDS[1], _("As soon as practicable")),
            (SPEEDS[2], _("Within a number of hours")),
        ],
        hint=_("The toolkit says “immediately”. Canada says “as soon as feasible”."),
    )
    reporting_entity = forms.CharField(
        label=_("Reporting entity"),
        max_length=200,
        required=False,
        help_text=_("Who receives reports. Empty leaves it to regulations, as in the toolkit."),
    )
    silence = _choice(
        _("Who may keep silent?"),
        SILENCES[0],
        choices=[
            (SILENCES[0], _("The child, and the parent or counsellor")),
            (SILENCES[1], _("The child only")),
            (SILENCES[2], _("Nobody")),
        ],
    )
    reporters = _choice(_("Only providers and those named?"), "no")
    privilege = _choice(
        _("Except legal privilege?"),
        PRIVILEGES[0],
        choices=[
            (PRIVILEGES[0], _("Yes: legal professional privilege")),
            (PRIVILEGES[1], _("Yes: attorney-client privilege")),
            (PRIVILEGES[2], _("No")),
        ],
    )
    preservation = _choice(_("Preservation of data?"), "yes", hint=_("Beyond the toolkit."))
    preservation_days = forms.IntegerField(
        label=_("Keep the data for (days)"),
        min_value=1,
        max_value=3660,
        required=False,
        help_text=_("Empty leaves a blank in the text."),
    )
    secrecy = _choice(_("Secrecy of reports?"), "yes", hint=_("Beyond the toolkit."))
    solicitation = _choice(
        _("Solicitation of children"),
        SOLICITATIONS[0],
        choices=[
            (SOLICITATIONS[0], _("As in Appendix V: a meeting and an act towards it")),
            (SOLICITATIONS[1], _("Also sexual communication alone (beyond the toolkit)")),
            (SOLICITATIONS[2], _("Leave it out")),
        ],
    )
    age_of_consent = forms.IntegerField(
        label=_("Age of consent"),
        min_value=10,
        max_value=18,
        required=False,
        help_text=_("Empty leaves a blank in the text."),
    )
    decoy = _choice(_("Also where an officer posed as the child?"), "no", hint=_("Beyond the toolkit."))
    hotline = _choice(_("Designate a hotline?"), "yes", hint=_("In a whole Act; removal and blocking need it anyway."))
    proactive = _choice(_("May the hotline search public content?"), "no")
    removal = _choice(_("Removal by notice?"), "no", hint=_("The toolkit describes it and drafts nothing."))
    host = _choice(_("Protect a host that did not know?"), "no", hint=_("The toolkit describes it and drafts nothing."))
    blocking = _choice(_("Blocking with safeguards?"), "no", hint=_("The toolkit describes it and drafts nothing."))
    abroad = _choice(_("Acts abroad against children of the country?"), "no")
    forfeiture = _choice(_("Forfeiture of devices?"), "no")
    title = forms.CharField(label=_("Short title and year"), max_length=200, required=False)

    @classmethod
    def filled(cls, given: Mapping[str, str]) -> "BillChoices":
        """The form with what was chosen, and the model's own choice of everything else: no first entry of a list chooses itself."""
        own = {name: field.initial or "" for name, field in cls.base_fields.items()}
        return cls({**own, **{name: given[name] for name in own if name in given}})

    def options(self) -> BillOptions:
        """Return the choices of a valid form; raises BadOptions."""
        return parse_options({name: value for name, value in self.cleaned_data.items() if value not in ("", None)})
