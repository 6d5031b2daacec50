"""Shared by the desk pages of publishing: forms that are submitted once, the current hotline, errors beside their
field.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from leeward.people.access import actor_of
from leeward.people.errors import FieldIsWrong
from leeward.web_security.services import use_once


def first_time(request: HttpRequest, purpose: str) -> bool:
    """Return whether this form is submitted for the first time; otherwise show a message."""
    if use_once(request.POST.get("once", ""), purpose=purpose):
        return True
    messages.info(request, _("This form was already sent. It was carried out once."))
    return False


def hotline_of(request: HttpRequest) -> int:
    """Return the hotline of the signed-in person."""
    return actor_of(request).hotline_id or 0


def blame(form: forms.Form, error: FieldIsWrong) -> None:
    """Show an error of a service beside its field."""
    field: Any = str(error.values["field"])
    form.add_error(field if field in form.fields else None, str(error.values["why"]))
