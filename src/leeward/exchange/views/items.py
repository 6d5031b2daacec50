"""What other hotlines reported to this one, what could not be delivered to them, and everything exchanged."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leeward.exchange import queries, services
from leeward.exchange.errors import NotSayable
from leeward.exchange.rules.listed import MOST_OF_REQUEST, read_list
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.people.queries import country_names
from leeward.people.rules.permissions import may

HERE = "exchange_desk:items"
MOST_DIGITS = 18
MOST_NAMED = 20  # lines of a list that could not be read


@staff("report.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def items(request: HttpRequest) -> HttpResponse:
    """Show what waits for somebody here; accept items, import a list of them, or send again what was not delivered."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    if request.method == "POST":
        _change(request, actor, actor.hotline_id)
        return redirect(HERE)
    waiting, names = queries.to_accept(), country_names()
    values = {
        "held": queries.held_messages(),
        "waiting": waiting,
        "to_accept": [(row, names.get(row.country, row.country)) for row in waiting.rows],
        "page": queries.newest(request.GET.get("page")),
        "urgent_an_hour": services.URGENT_AN_HOUR,
        "known_an_hour": services.KNOWN_AN_HOUR,
        "peers": sorted(queries.active_peers().items(), key=lambda one: one[1]),
        "may_edit": bool(may(actor, "peer.edit", actor.hotline_id)),
    }
    return render(request, "exchange/items.html", values)


def _change(request: HttpRequest, actor: Actor, hotline_id: int) -> None:
    match request.POST.get("act", ""):
        case "accept":
            _accept([number_in(text) for text in request.POST.getlist("exchange")], request, actor, hotline_id)
        case "retry":
            services.retry(number_in(request.POST.get("message", "")), hotline_id=hotline_id, actor=actor)
            messages.success(request, _("It is sent again, with everything else that waits for that hotline."))
        case "import":
            _import(request, actor, hotline_id)
        case _other:
            raise BadInput(what=_("act"), why=_("it is not one of accept, import and retry"))


def _import(request: HttpRequest, actor: Actor, hotline_id: int) -> None:
    given = request.FILES.get("list")
    if given is None:
        raise BadInput(what=_("The list"), why=_("no file was chosen"))
    lines = read_list(given.read(), most=MOST_OF_REQUEST)
    found = services.import_items(number_in(request.POST.get("peer", "")), lines, hotline_id=hotline_id, actor=actor)
    message = ngettext("%(count)s item came in.", "%(count)s items came in.", found.new) % {"count": found.new}
    if found.known:
        again = ngettext("%(count)s was here already.", "%(count)s were here already.", found.known)
        message = f"{message} {again % {'count': found.known}}"
    messages.success(request, message)
    if found.unread:
        named = ", ".join(str(one.line) for one in found.unread[:MOST_NAMED])
        rest = "" if len(found.unread) <= MOST_NAMED else " …"
        messages.warning(request, _("These lines could not be read: %(lines)s") % {"lines": named + rest})


def _accept(numbers: list[int], request: HttpRequest, actor: Actor, hotline_id: int) -> None:
    done = 0
    for number in numbers[: queries.MOST_LISTED]:
        try:
            services.accept(number, hotline_id=hotline_id, actor=actor)
        except NotSayable as error:  # withdrawn meanwhile: the others go on
            messages.warning(request, error.text)
        else:
            done += 1
    if done:
        message = ngettext("%(count)s item was accepted.", "%(count)s items were accepted.", done)
        messages.success(request, message % {"count": done})


def number_in(text: str) -> int:
    """Return the number that a form names; 0, which nothing has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
