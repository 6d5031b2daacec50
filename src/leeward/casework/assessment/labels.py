"""Labels of facts and their answers, in the reader's language."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from leeward.laws.rules.acts import acts_vocabulary

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

_YES_NO: dict[str, Promise] = {"yes": _("Yes"), "no": _("No"), "unknown": _("Unknown")}
_CANT_TELL = _("Can’t tell")

ALTERATIONS: dict[str, Promise] = {
    "covered": _("with something over it, or changed a little everywhere"),
    "framed": _("with a border around it"),
    "cropped": _("with its edges cut off"),
    "rotated": _("turned by a few degrees"),
    "framed_cropped": _("with its edges cut off and a border around it"),
    "cropped_here": _("as a part of the known image"),
}
FACT_NAMES: dict[str, Promise] = {
    "real_person": _("Real person"),
    "age_band": _("Age"),
    "sex": _("Sex"),
    "medium": _("Medium"),
    "level": _("Severity"),
    "act": _("Specific act"),
    "self_generated": _("Self-generated"),
    "site_type": _("Kind of site"),
    "pubertal_stage": _("Stage of puberty"),
    "known_age": _("True age, if proved"),
    "apparent_low": _("Looks at least this old"),
    "apparent_high": _("Looks at most this old"),
    "presented_as_child": _("Presented as a child"),
    "exploitative": _("Exploitative context"),
    "commercial": _("Commercial"),
    "payments": _("Kinds of payment"),
    "victim": _("Victim"),
    "elsewhere": _("Seen elsewhere"),
}

ANSWERS: dict[str, dict[str, Promise]] = {
    "real_person": _YES_NO,
    "age_band": {
        "0-2": _("0–2"),
        "3-6": _("3–6"),
        "7-10": _("7–10"),
        "11-13": _("11–13"),
        "14-15": _("14–15"),
        "16-17": _("16–17"),
        "adult": _("Adult"),
        "undetermined": _CANT_TELL,
    },
    "sex": {"female": _("Female"), "male": _("Male"), "both": _("Both"), "undetermined": _CANT_TELL},
    "medium": {
        "photograph": _("Photograph"),
        "video": _("Video"),
        "photo_realistic": _("Photo-realistic CGI"),
        "ai_generated": _("AI-generated"),
        "edited": _("Edited"),
        "drawing": _("Drawing"),
        "text": pgettext_lazy("medium", "Text"),
        "audio": _("Audio"),
        "undetermined": _CANT_TELL,
    },
    "level": {
        "uk_a": pgettext_lazy("act level", "A"),
        "uk_b": pgettext_lazy("act level", "B"),
        "uk_c": pgettext_lazy("act level", "C"),
        "none": pgettext_lazy("act level", "None"),
        "undetermined": _CANT_TELL,
    },
    "self_generated": _YES_NO,
    "pubertal_stage": {
        "infant": _("Infant"),
        "prepubescent": _("Before puberty"),
        "pubescent": _("In puberty"),
        "postpubescent": _("After puberty"),
        "undetermined": _CANT_TELL,
    },
    "presented_as_child": _YES_NO,
    "exploitative": _YES_NO,
    "commercial": _YES_NO,
    "victim": {"known": _("Known"), "new": _("New"), "unknown": _("Unknown")},
    "site_type": {
        "undetermined": _CANT_TELL,
        "website": _("Website"),
        "file_host": _("File host"),
        "image_store": _("Image store"),
        "image_board": _("Image board"),
        "forum": _("Forum"),
        "banner_site": _("Banner site"),
        "link_site": _("Link site"),
        "social_network": _("Social network"),
        "redirector": _("Redirector"),
        "web_archive": _("Web archive"),
        "search_provider": _("Search engine"),
        "image_host": _("Image host"),
        "blog": _("Blog"),
        "not_applicable": _("Not a site"),
    },
    "payments": {
        "amex": _("American Express"),
        "diners": _("Diners Club"),
        "mastercard": _("Mastercard"),
        "paypal": _("PayPal"),
        "visa": _("Visa"),
        "western_union": _("Western Union"),
        "sms": _("Text message"),
        "email": _("E-mail"),
        "liberty_reserve": _("Liberty Reserve"),
        "bitcoin": _("Bitcoin"),
        "other": _("Other"),
        "none": _("None"),
    },
}


APPARENT_AGE = _("Apparent age, in years")


def act_words(code: str) -> str:
    """Return the label of an act or of a level of acts."""
    level = ANSWERS["level"].get(code)
    return str(level) if level else gettext(acts_vocabulary().labels.get(code, code))


def answer_words(name: str, value: object) -> str:
    """Return the label of a fact's value: its answer, or the value itself."""
    return str(ANSWERS.get(name, {}).get(str(value), value))
