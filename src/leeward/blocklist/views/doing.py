"""Shared by the forms about entries: a second submission has no effect, and they lead back to the page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist.forms import WordsForm
from leeward.foundation.errors import BadInput
from leeward.web_security.services import use_once


def once(request: HttpRequest, purpose: str, act: Callable[[], object]) -> bool:
    """Call `act` unless this form was already submitted; return False if it was."""
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"blocklist {purpose}"):
            return False
        act()
    return True


def entered_reason(request: HttpRequest) -> str:
    """Return the reason that was entered; raises BadInput if there is none."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The reason"), why=_("it is empty"))
    return str(form.cleaned_data["text"])
