"""What the desk pages of publishing share: forms that are sent once, whose hotline, errors beside their field."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from leeward.people.access import actor_of
from leeward.people.errors import FieldIsWrong
from leeward.web_security.services import use_once


def first_time(request: HttpRequest, purpose: str) -> bool:
    """Whether this form is sent for the first time; else says so."""
    if use_once(request.POST.get("once", ""), purpose=purpose):
        return True
    messages.info(request, _("This form was already sent. It was carried out once."))
    return False


def hotline_of(request: HttpRequest) -> int:
    """The hotline of whoever is signed in."""
    return actor_of(request).hotline_id or 0


def blame(form: forms.Form, error: FieldIsWrong) -> None:
    """Show an error of a service beside its field."""
    field: Any = str(error.values["field"])
    form.add_error(field if field in form.fields else None, str(error.values["why"]))
