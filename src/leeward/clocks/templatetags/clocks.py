"""Template tags for the pages about time: `{% load clocks %}`."""

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
    """Return the name of an account, or a dash."""
    return names.get(person_id, "—") if person_id else "—"


@register.simple_tag
def as_hidden(form: forms.Form) -> SafeString:
    """Return everything that was filled in as hidden fields, to be submitted again."""
    return format_html_join("", "{}", ((field.as_hidden(attrs={"id": f"kept_{field.html_name}"}),) for field in form))


@register.simple_tag(takes_context=True)
def my_reminders(context: template.Context) -> list[ClockRow]:
    """Return the cases that the signed-in person holds and was reminded of."""
    return reminders_for(actor_of(context["request"]).id or 0, timezone.now())
