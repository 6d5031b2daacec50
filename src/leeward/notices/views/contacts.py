"""The directory of contacts on the desk."""

from datetime import timedelta

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.notices import queries, services
from leeward.notices.errors import AddressNotMail, ContactExists, KeyUnusable
from leeward.notices.forms import ContactForm
from leeward.notices.models import CONTACT_KINDS
from leeward.notices.queries.channels import channel_panels
from leeward.notices.queries.directory import events_of, messages_to
from leeward.notices.queries.labels import CONTACT_KINDS as KIND_WORDS
from leeward.notices.queries.labels import STANDINGS
from leeward.notices.writing.compose import overview_link
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.people.labels import WAITS
from leeward.people.rules.reading import mark_of
from leeward.people.services import demand_read
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once

KEY_WARNING = timedelta(days=30)
SHOWN_FIRST = ("police", "hotline")  # what the list shows by default


@require_safe
@staff("contact.edit")
def contacts(request: HttpRequest) -> HttpResponse:
    """List the directory, by task or by search, with how each contact answers."""
    search, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    kind = kind if kind in CONTACT_KINDS else ""
    bounced = request.GET.get("bounced") == "yes"
    page = page_of(queries.contacts(search=search, kind=kind, bounced=bounced), request.GET.get("page"))
    by_portal = queries.police_by_portal(actor_of(request).hotline_id or 0)
    rows = [
        {
            "row": row,
            "kind": KIND_WORDS[row.kind],
            "languages": " ".join(row.languages),
            "standing": STANDINGS[row.standing],
            "is_unused": row.retired and (row.kind, row.country, row.email) not in by_portal,
        }
        for row in map(queries.contact_row, page.rows)
    ]
    kinds = [(one, KIND_WORDS[one]) for one in CONTACT_KINDS]
    values = {"page": page, "rows": rows, "kinds": kinds, "kind": kind, "search": search, "bounced": bounced}
    values["once"] = new_form_key()
    values["is_first_view"] = not (search or bounced) and kind in ("", *SHOWN_FIRST)
    return render(request, "notices/contacts.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("contact.edit")
def contact(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Add a contact, or edit one and see what it was told."""
    row = queries.contact(number) if number else None
    if number and row is None:
        raise NotFound(what=_("contact"))
    if request.method != "POST":
        begun = {name: request.GET[name][:120] for name in ("kind", "country", "name") if name in request.GET}
        is_known_kind = begun.get("kind", "") in CONTACT_KINDS
        given = initial(row) if row or not is_known_kind else initial(row) | begun
        return contact_page(request, ContactForm(initial=given), row)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return contact_page(request, form, row)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"contact:{number}"):
                if number:
                    demand_as_shown(request, number)
                _save(request, form, number)
    except EnteredSince as error:
        flash.error(request, f"{error.text} {error.hint}")
        return redirect("notices_desk:change-contact", number=number)
    except (AddressNotMail, ContactExists) as error:
        form.add_error("email", error.text)
        return contact_page(request, form, row)
    kind = form.cleaned_data["kind"]
    listed = reverse("notices_desk:list-contacts")
    return redirect(listed if kind in SHOWN_FIRST else f"{listed}?kind={kind}")


@require_POST
@staff("contact.edit")
def clear_bounce(request: HttpRequest, number: int) -> HttpResponse:
    """Mark that mail to a contact works again."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"bounce:{number}"):
            demand_way_as_shown(request, number)
            say(request, services.clear_bounce(number, actor=actor_of(request)), _("Mail goes there again."))
    return redirect("notices_desk:list-contacts")


@require_POST
@staff("contact.edit")
def key(request: HttpRequest, number: int) -> HttpResponse:
    """Set or remove the OpenPGP certificate of a contact."""
    row = queries.contact(number)
    if row is None:
        raise NotFound(what=_("contact"))
    actor = actor_of(request)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"key:{number}"):
                if request.POST.get("act") == "remove":
                    demand_way_as_shown(request, number)
                    waits = services.remove_key(number, actor=actor)
                    say(request, waits, _("The key is removed. Messages go without encryption."))
                else:
                    demand_as_shown(request, number)
                    waits = services.set_key(number, request.POST.get("certificate", "")[:300_000], actor=actor)
                    done = _("The key is in use. Compare its fingerprint with the contact, by telephone.")
                    say(request, waits, done)
    except EnteredSince as error:
        flash.error(request, f"{error.text} {error.hint}")
    except KeyUnusable as error:
        problem = f"{error.text} {error.hint}"
        return contact_page(request, ContactForm(initial=initial(row)), row, key_problem=problem)
    return redirect("notices_desk:change-contact", number=number)


@require_POST
@staff("contact.edit")
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Give a contact a page with every open address, renew its link, revoke it, or include it in notices."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"page:{number}"):
            demand_way_as_shown(request, number)
            services.change_page(number, request.POST.get("act", ""), actor=actor_of(request))
            flash.success(request, _("Done. The state of the page is shown below."))
    return redirect("notices_desk:change-contact", number=number)


def _save(request: HttpRequest, form: ContactForm, number: int) -> None:
    values = form.cleaned_data
    details = services.ContactDetails(
        kind=values["kind"],
        country=values["country"],
        name=values["name"],
        email=values["email"],
        languages=values["languages"],
        retired=values["retired"],
        wants_xarf=values["wants_xarf"],
        service=values["service"],
    )
    actor = actor_of(request)
    if number:
        waits = bool(services.change_contact(number, details, actor=actor))
    else:
        waits = not services.add_contact(details, hotline_id=actor.hotline_id or 0, actor=actor)
    say(request, waits, _("The contact is saved."))


def say(request: HttpRequest, waits: object, done: str) -> None:
    """Show a message that it is done, or that it waits for a second person."""
    if waits:
        flash.warning(request, WAITS)
    else:
        flash.success(request, done)


def demand_as_shown(request: HttpRequest, number: int) -> None:
    """Raise EnteredSince if the contact is no longer as the page showed it: a form of yesterday would undo what a colleague
    changed since, and letters would go to an address that is given up. In the caller's transaction."""
    if (row := queries.contact(number)) is not None:
        demand_read(mark_of_contact(row), seen=request.POST.get("seen", ""))


def demand_way_as_shown(request: HttpRequest, number: int) -> None:
    """Raise EnteredSince if messages to the contact go another way than the page showed. In the caller's transaction."""
    if (row := queries.contact(number)) is not None:
        demand_read(_mark_of_way(row), seen=request.POST.get("seen", ""))


def _mark_of_way(row: queries.ContactRow) -> str:
    """Return a mark of how messages go to a contact: its address, whether mail bounced, its key, its channel, its page."""
    page = (row.page_is_open, row.page_is_told, row.page_serial)
    channel = (row.channel, sorted(row.channel_answers.items()), row.webhook_url, row.webhook_serial)
    return mark_of("way", row.id, row.email, row.bounced_at, row.fingerprint, channel, page)


def mark_of_contact(row: queries.ContactRow) -> str:
    """Return what tells whether the fields of a contact are still those that somebody saw."""
    return mark_of(*sorted(initial(row).items()))


def initial(row: queries.ContactRow | None) -> dict[str, object]:
    """Return the initial values of a contact's form."""
    if row is None:
        return {"kind": "hotline"}
    return {
        "kind": row.kind,
        "country": row.country,
        "name": row.name,
        "email": row.email,
        "languages": " ".join(row.languages),
        "retired": row.retired,
        "wants_xarf": row.wants_xarf,
        "service": row.service,
    }


def contact_page(
    request: HttpRequest,
    form: ContactForm,
    row: queries.ContactRow | None,
    *,
    key_problem: str = "",
    hook_problem: str = "",
    hook_typed: str = "",
    channel_problem: str = "",
    channel_typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Render the page of a contact, or of a new one, with any errors about its key or its channel."""
    values: dict[str, object] = {"form": form, "contact": row, "once": new_form_key()}
    hotline_id = actor_of(request).hotline_id or 0
    if row:
        values |= {
            "seen": request.POST.get("seen", "") if form.is_bound else mark_of_contact(row),
            "seen_way": _mark_of_way(row),
            "standing": STANDINGS[row.standing],
            "changes": queries.changes_of(row, hotline_id),
            "written_by": queries.written_by(row, hotline_id),
            "fingerprint": " ".join(row.fingerprint[at : at + 4] for at in range(0, len(row.fingerprint), 4)),
            "key_runs_out": row.key_expires_at is not None and row.key_expires_at < timezone.now() + KEY_WARNING,
            "key_is_over": row.key_expires_at is not None and row.key_expires_at < timezone.now(),
            "key_problem": key_problem,
            "hook_problem": hook_problem,
            "hook_typed": hook_typed,
            "panels": channel_panels(row.id, typed=channel_typed, problem=channel_problem),
            "page_link": overview_link(row.id, row.page_serial) if row.page_is_open else "",
            "sent": messages_to(row.id),
            "events": events_of(row.id, hotline_id=actor_of(request).hotline_id or 0),
        }
    is_wrong = form.errors or key_problem or hook_problem or channel_problem
    return render(request, "notices/contact.html", values, status=422 if is_wrong else 200)
