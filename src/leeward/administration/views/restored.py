"""An installation that was restored from a backup: what is lost, what is held, and the button that lets it go on."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leeward.administration import services
from leeward.backup.errors import NothingToConfirm
from leeward.backup.queries import last_restoration
from leeward.foundation.errors import require
from leeward.installation.queries import may_set
from leeward.people.access import actor_of, staff


@staff("installation.edit")
@require_safe
def show_restored(request: HttpRequest) -> HttpResponse:
    """Show when the backup was made and when it was restored, and what to do before confirming."""
    require(may_set(actor_of(request)))
    return render(request, "administration/restored.html", {"restored": last_restoration()})


@staff("installation.edit")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Let messages go out again."""
    try:
        left = services.confirm_restored(actor=actor_of(request), now=datetime.now(UTC))
    except NothingToConfirm as error:
        messages.info(request, error.text)
        return redirect("administration:show-restored")
    text = ngettext(
        "Messages go out again. %(n)d more may have gone before; decide about it under Messages.",
        "Messages go out again. %(n)d more may have gone before; decide about them under Messages.",
        left,
    )
    messages.success(request, text % {"n": left} if left else _("Messages go out again."))
    return redirect("administration:show-restored")
