"""An installation that was restored from a backup: what is lost, what is held, and the button that lets it go on."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from leeward.administration import services
from leeward.audit.services import hotline_transaction
from leeward.backup.errors import NothingToConfirm, StillBeingDone
from leeward.backup.queries import last_restoration
from leeward.foundation.errors import BadInput, require
from leeward.installation.queries import may_set
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.queries import left_summary
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.web_security.files import take_whole
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

MOST_BYTES = 20_000_000
MOST_NAME = 200


@staff("installation.edit")
@require_safe
def show_restored(request: HttpRequest) -> HttpResponse:
    """Show when the backup was made and when it was restored, and what to do before confirming."""
    require(may_set(actor_of(request)))
    row = last_restoration()
    seen = services.mark_of_restoration(row) if row else ""
    values = {"restored": row, "left": left_summary(), "seen": seen, "once": new_form_key()}
    return render(request, "administration/restored.html", values)


@csrf_exempt  # checked in `_read`: the check reads the form, and the file must have a place to go before that
@staff("installation.edit")
@require_POST
def read_sent(request: HttpRequest) -> HttpResponse:
    """Read which messages left since the backup, from the mail server's log or a folder of sent mail."""
    require(may_set(actor_of(request)))
    if not take_whole(request, MOST_BYTES):
        raise _too_long()
    return _read(request)


@csrf_protect
def _read(request: HttpRequest) -> HttpResponse:
    actor, file, now = actor_of(request), request.FILES.get("file"), datetime.now(UTC)
    folder = request.POST.get("folder", "").strip()[:MOST_NAME]
    if file is None and not folder:
        raise BadInput(what=_("The file"), why=_("none was chosen"))
    if file is not None and (file.size or 0) > MOST_BYTES:
        raise _too_long()
    with hotline_transaction():
        is_new = use_once(request.POST.get("once", ""), purpose="read sent mail")
    if not is_new:
        return redirect("administration:show-restored")
    lines = None if file is None else (str(line, "utf-8", "replace") for line in file)
    try:
        read = services.read_what_left(lines, folder=folder, actor=actor, now=now)
        if file is not None and read.since is None and not read.found:
            raise BadInput(what=_("The file"), why=_("it can’t be read"))
    except (BadInput, MailboxUnreadable, NothingToConfirm) as error:
        messages.warning(request, f"{error.text} {error.hint}")
        return redirect("administration:show-restored")
    text = ngettext(
        "%(n)d message left since then, by what was read. See the outbox.",
        "%(n)d messages left since then, by what was read. See the outbox.",
        len(read.found),
    )
    messages.success(request, text % {"n": len(read.found)})
    return redirect("administration:show-restored")


def _too_long() -> BadInput:
    return BadInput(_("leeward backup sent reads longer ones."), what=_("The file"), why=_("it is longer than 20 MB"))


@staff("installation.edit")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Let messages go out again, once somebody ticked that no other copy speaks, by a page that shows this restoring."""
    require(may_set(actor_of(request)))
    if request.POST.get("sure") != "yes":
        messages.warning(request, _("Nothing goes out yet. Tick first that no other copy of this runs."))
        return redirect("administration:show-restored")
    try:
        seen = request.POST.get("seen", "")
        left = services.confirm_restored_as_shown(seen=seen, actor=actor_of(request), now=datetime.now(UTC))
    except NothingToConfirm as error:
        messages.info(request, error.text)
        return redirect("administration:show-restored")
    except (StillBeingDone, EnteredSince) as error:
        messages.warning(request, f"{error.text} {error.hint}")
        return redirect("administration:show-restored")
    text = ngettext(
        "Messages go out again. %(n)d more may have gone before; decide about it under Outbox, or on the page of exports of its case.",
        "Messages go out again. %(n)d more may have gone before; decide about them under Outbox, or on the pages of exports of their cases.",
        left,
    )
    messages.success(request, text % {"n": left} if left else _("Messages go out again."))
    return redirect("administration:show-restored")
