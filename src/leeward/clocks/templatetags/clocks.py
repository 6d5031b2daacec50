"""Small pieces for the pages of time: `{% load clocks %}`."""

from collections.abc import Mapping

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from leeward.clocks.queries import ClockRow, reminders_for
from leeward.people.access import actor_of

register = template.Library()


@register.filter
def name_of(names: Mapping[int, str], person_id: int | None) -> str:
    """The name of an account, or a dash."""
    return names.get(person_id, "—") if person_id else "—"


@register.simple_tag
def as_hidden(form: forms.Form) -> SafeString:
    """Everything that was filled in, to be sent once more."""
    return format_html_join("", "{}", ((field.as_hidden(attrs={"id": f"kept_{field.html_name}"}),) for field in form))


@register.simple_tag(takes_context=True)
def my_reminders(context: template.Context) -> list[ClockRow]:
    """The cases that the signed-in person holds and was reminded of."""
    return reminders_for(actor_of(context["request"]).id or 0, timezone.now())
