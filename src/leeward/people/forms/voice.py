"""Our error messages for form fields: each says what is there and what would be right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class Voiced(forms.Form):
    """A form with our error messages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_voice(self)
