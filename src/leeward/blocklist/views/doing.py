"""What the forms about entries have in common: sent twice they count once, and they lead back."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist.forms import WordsForm
from leeward.foundation.errors import BadInput
from leeward.web_security.services import use_once


def once(request: HttpRequest, purpose: str, act: Callable[[], object]) -> bool:
    """Do `act` unless this form was sent before; False when it was."""
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"blocklist {purpose}"):
            return False
        act()
    return True


def said(request: HttpRequest) -> str:
    """The reason that was typed; raises BadInput where there is none."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The reason"), why=_("it is empty or too long"))
    return str(form.cleaned_data["text"])
