"""The desk's pages about messages: the outbox with what needs a decision, abandoned jobs, unmatched mail."""

from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import is_held
from leeward.foundation.errors import BadInput, NotFound
from leeward.jobs.queries import dead_jobs
from leeward.jobs.services import retry
from leeward.notices import queries, services
from leeward.notices.errors import TriedSince
from leeward.notices.queries.lists import VIEWS
from leeward.notices.queries.standing import standing_of
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once

_ACTS = {"retry": services.retry, "arrived": services.call_arrived, "drop": services.drop}


@require_safe
@staff("outbox.read")
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the outbox: what needs a decision comes first."""
    view = request.GET.get("view", "stuck")
    view = view if view in VIEWS or view == "mail" else "stuck"
    actor = actor_of(request)
    values = {
        "view": view,
        "views": [
            ("stuck", _("Need a decision")),
            ("waiting", _("Waiting")),
            ("sent", _("Sent")),
            ("stopped", _("Not sent")),
            ("mail", _("Mail that matches nothing")),
        ],
        "now": datetime.now(UTC),
        "once": new_form_key(),
    }
    if view == "mail":
        page = page_of(queries.unread_mails(), request.GET.get("page"))
        reads = bool(may(actor, "case.read", actor.hotline_id))
        values |= {"page": page, "mails": queries.mail_rows(page.rows), "reads_mail": reads}
    else:
        page = page_of(queries.messages(view), request.GET.get("page"))
        left = queries.left_of(page.rows)
        standing = standing_of(page.rows, left)
        labels = queries.kind_labels(page.rows)
        rows = [
            {
                "row": queries.outbox_row(one),
                "kind": labels[one.pk],
                "left": left.get(one.pk),
                "standing": standing[one.pk],
            }
            for one in page.rows
        ]
        values |= {"page": page, "rows": rows, "nothing_goes": view == "waiting" and is_held()}
    if view == "stuck":
        values |= {
            "jobs": dead_jobs(actor.hotline_id or 0, most=50),
            "notice_cases": queries.open_notice_cases(most=50),
        }
    return render(request, "notices/outbox.html", values)


@require_POST
@staff("outbox.retry")
def settle_message(request: HttpRequest, number: int) -> HttpResponse:
    """Send a stuck message again, mark it as arrived, or give it up."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadInput(what=_("act"), why=_("it is not one of retry, arrived and drop"))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"message:{number}"):
                act(number, actor=actor_of(request), seen=request.POST.get("seen", ""))
                flash.success(request, _("Done."))
    except TriedSince as error:
        flash.error(request, f"{error.text} {error.hint}")
    return redirect("notices_desk:show-outbox")


@require_safe
@staff("outbox.retry")
def preview_message(request: HttpRequest, number: int) -> HttpResponse:
    """Show a stuck message as it would be sent now, before somebody sends it again."""
    actor = actor_of(request)
    found = queries.stuck_message(number)
    if found is None:
        raise NotFound(what=_("message"))
    reads = bool(may(actor, "case.read", actor.hotline_id))
    left = queries.left_of([found])
    values = {
        "row": queries.outbox_row(found),
        "to": queries.address_now(found),
        "kind": queries.kind_labels([found])[found.pk],
        "left": left.get(found.pk),
        "standing": standing_of([found], left)[found.pk],
        "mail": queries.preview_of_message(found, datetime.now(UTC)) if reads else None,
        "reads": reads,
        "once": new_form_key(),
    }
    return render(request, "notices/stuck_message.html", values)


@require_POST
@staff("outbox.retry")
def retry_job(request: HttpRequest, number: int) -> HttpResponse:
    """Retry an abandoned job from the start."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"job:{number}"):
            if not retry(number, hotline_id=hotline_id):
                raise NotFound(what=_("failed job"))
            record("job.retried", actor=actor, hotline_id=hotline_id, subject=f"job:{number}")
            flash.success(request, _("It is being retried now."))
    return redirect("notices_desk:show-outbox")


@require_POST
@staff("outbox.retry")
def read_mail(request: HttpRequest, number: int) -> HttpResponse:
    """Take an unmatched mail off the list."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"mail:{number}"):
            services.mark_read(number, actor=actor_of(request))
    response = redirect("notices_desk:show-outbox")
    response["Location"] += "?view=mail"
    return response
