"""Our error messages for form fields: each says what is there and what would be right."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import dates
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from leeward.foundation.days import read_day
from leeward.foundation.whole_text import whole

ALL = {
    "required": _("This is empty. Fill it in."),
    "max_length": _("This is longer than %(limit_value)d characters: it has %(show_value)d. Shorten it."),
    "min_length": _("This is shorter than %(limit_value)d characters: it has %(show_value)d."),
    "null_characters_not_allowed": _("This contains a character that can’t be stored. Type it again."),
    "invalid_choice": _("“%(value)s” is not one of the answers here. Choose one of them."),
}
EMAIL = {"invalid": _("This is not a complete address. One looks like name@hotline.example.")}
URL = {"invalid": _("This is not a complete address. One looks like https://weather.example/.")}
CHOICES = {"required": _("Nothing is chosen. Choose at least one.")}


def give_voice(form: forms.BaseForm) -> None:
    """Give every field of a form our error messages, unless it has its own, and remove placeholders, and limits by which the browser would
    cut what is pasted before anybody could say that it is too long."""
    for field in form.fields.values():
        messages: dict[str, Any] = dict(ALL)
        if isinstance(field, forms.EmailField):
            messages |= EMAIL
        elif isinstance(field, forms.URLField):
            messages |= URL
        elif isinstance(field, forms.MultipleChoiceField):
            messages |= CHOICES
        field.error_messages = {**field.error_messages, **messages}
        field.widget.attrs.pop("placeholder", None)
        if field.widget.attrs.get("maxlength") == str(getattr(field, "max_length", None)):
            del field.widget.attrs["maxlength"]


class WholeText(forms.CharField):
    """A text on a page that has no place for what is wrong with it: one that is too long is refused as a whole, like any text that a
    service refuses, on a page where it can be shortened."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, value: Any) -> str:
        """Return the text. Raises TextTooLong."""
        return whole(super().clean(value), self.most)


class DayField(forms.DateField):
    """A day, as a browser's calendar sends it or, where it has none, as people type it. What can be read as two days, like 03/04/2026, is
    refused: Django reads it as a day in March."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.widget, forms.DateInput):
            self.widget.format = "%Y-%m-%d"  # the only form that a calendar shows, in every language

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        day = read_day(str(value), month_names())
        if day is None:
            unclear = gettext("“{day}” is not clearly one day.").format(day=str(value).strip()[:40])
            how = gettext(
                "Write the year, the month and the day, as in 2026-12-31, or the month as a word, as in 31 Dec 2026."
            )
            raise ValidationError(f"{unclear} {how}", code="invalid")
        return day


def month_names() -> dict[str, int]:
    """Return the months by their names, in English and in the page's language."""
    found: dict[str, int] = {}
    for language in ("en", get_language() or "en"):
        with override(language):
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP):
                found |= {str(name): number for number, name in names.items()}
    return found


class Voiced(forms.Form):
    """A form with our error messages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
