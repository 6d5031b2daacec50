"""Settings for every hotline here: a list of groups, and a page for each with its form, its test and its last changes."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.administration.forms import SettingsForm
from leeward.administration.labels import TESTS as BUTTONS
from leeward.administration.services.trying import NAME, TESTS, try_group
from leeward.foundation.errors import NotFound, require
from leeward.installation import queries, services
from leeward.installation.errors import ReasonMissing, SetByTheMachine, ValueDoesNotFit
from leeward.installation.labels import CHOICES, OPTIONS
from leeward.installation.labels import GROUPS as TITLES
from leeward.installation.queries import ChangeRow, Standing
from leeward.installation.rules.choices import GROUPS
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.labels import WAITS
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key


def _authorize(request: HttpRequest, group: str = "") -> None:
    require(queries.may_set(actor_of(request)))
    if group and group not in GROUPS:
        raise NotFound(what=_("setting"))


@staff("installation.edit")
@require_safe
def list_groups(request: HttpRequest) -> HttpResponse:
    """List every group with the result of its last test."""
    _authorize(request)
    tried = queries.trials()
    rows = [
        {"group": group, "title": TITLES[group][0], "about": TITLES[group][1], "trial": tried.get(group),
         "has_test": group in TESTS, "is_on_the_desk": queries.is_on_the_desk(group)}
        for group in GROUPS
    ]  # fmt: skip
    return render(request, "administration/installation.html", {"rows": rows})


@staff("installation.edit")
@require_http_methods(["GET", "POST"])
def edit_group(request: HttpRequest, group: str) -> HttpResponse:
    """GET shows the settings, and who can change them. POST applies the submitted values from now on."""
    _authorize(request, group)
    standings = queries.standings(group)
    form = SettingsForm(request.POST or None, standings=standings)
    if request.method == "POST" and form.is_valid():
        try:
            demand_as_shown(request, _mark_of(group, queries.changes_of(group)))
            names = services.change(group, form.values, reason=form.cleaned_data["reason"], actor=actor_of(request))
        except EnteredSince as error:  # its fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("administration:edit-group", group)
        except ValueDoesNotFit as error:
            form.add_error(error.name, error.why)
        except (ReasonMissing, SetByTheMachine) as error:
            form.add_error(None, error.text)
        else:
            if services.waits_for_second(group, names, actor_of(request)):
                messages.success(request, str(WAITS))
                return redirect("administration:edit-group", group)
            message = _("Saved. It applies now, to every hotline here.") if names else _("Nothing was changed.")
            messages.success(request, message)
            return redirect("administration:edit-group", group)
    changes = queries.changes_of(group)
    values = _shown(request, group, standings, changes) | {
        "form": form,
        "seen": first_shown(request, _mark_of(group, changes)),
    }
    return render(request, "administration/installation_group.html", values, status=422 if form.errors else 200)


def _mark_of(group: str, changes: Sequence[ChangeRow]) -> str:
    """Return a mark of the settings that a page shows: an older page would put back what somebody has changed since."""
    newest = next((row.at for row in changes), None)
    return mark_of(group, newest)


def _shown(request: HttpRequest, group: str, standings: list[Standing], changes: Sequence[ChangeRow]) -> dict[str, Any]:
    to = getattr(request.user, "email", "")
    return {
        "group": group,
        "title": TITLES[group][0],
        "about": TITLES[group][1],
        "fixed": [_fixed(one) for one in standings if one.variables],
        "is_on_the_desk": any(not one.variables for one in standings),
        "button": str(BUTTONS[group]) % {"to": to} if group in TESTS else "",
        "asks_name": NAME if group == "names" else "",
        "trial": queries.trials().get(group),
        "changes": [(row, [CHOICES[name][0] for name in row.names if name in CHOICES]) for row in changes],
        "once": new_form_key(),
    }


def _fixed(one: Standing) -> dict[str, object]:
    """Return a setting that is fixed by the machine's environment, with its value unless that is secret."""
    value: object = one.value
    if one.choice.is_secret or one.choice.into:
        value = _("set") if one.is_kept else "—"
    elif isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif isinstance(value, list):
        value = ", ".join(value) or "—"
    elif one.choice.options:
        value = OPTIONS[str(value)]
    label = CHOICES[one.choice.name][0]
    return {"label": label, "value": "—" if value == "" else value, "variables": ", ".join(one.variables)}


@staff("installation.edit")
@require_POST
def test_group(request: HttpRequest, group: str) -> HttpResponse:
    """Contact the configured server once, and say what happened."""
    _authorize(request, group)
    if group not in TESTS:
        raise NotFound(what=_("test"))
    tried = try_group(
        group,
        lookup=request.POST.get("name", ""),
        to=getattr(request.user, "email", ""),
        once=request.POST.get("once", ""),
        actor=actor_of(request),
    )
    if tried is None:
        messages.info(request, _("This form was already sent. It was carried out once."))
    else:
        (messages.success if tried.worked else messages.error)(request, tried.sentence)
    return redirect("administration:edit-group", group)
