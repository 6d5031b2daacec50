"""Other hotlines: who is known, invitations, key words to compare, and our own card."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.exchange import queries, services
from leeward.exchange.errors import KeyRotated, LinkUnusable, PeerIsActive
from leeward.exchange.labels import PEER_STATES
from leeward.exchange.rules.cards import COMPETENCES, Card
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError, NotFound
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.labels import WAITS
from leeward.people.rules.reach import PEER
from leeward.people.rules.reading import mark_of

HERE = "exchange_desk:peers"
MOST_DIGITS = 18
WORDS_A_LINE = 4


@staff("peer.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def peers(request: HttpRequest) -> HttpResponse:
    """Show the hotlines that are known; invite one, accept an invitation, set our own card, or replace our key."""
    if request.method == "POST":
        try:
            return _change(request)
        except (LinkUnusable, PeerIsActive, KeyRotated) as error:
            return _page(request, error)
    return _page(request)


def _page(request: HttpRequest, problem: LeewardError | None = None) -> HttpResponse:
    hotline_id = _hotline_id(actor_of(request))
    names = people_queries.country_names()
    own = queries.own_card(hotline_id)
    values = {
        "rows": [(row, PEER_STATES[row.state], _named(row.countries, names)) for row in queries.peers()],
        "invitations": queries.invitations(timezone.now()),
        "changes": _waiting(hotline_id),
        "own": own,
        "seen": _mark_of(own),
        "own_countries": _named(own.countries, names),
        "competences": [(code, label, code in own.competences) for code, label in COMPETENCES.items()],
        "problem": f"{problem.text} {problem.hint}" if problem else "",
        "typed": request.POST.get("link", ""),
    }
    return render(request, "exchange/peers.html", values, status=422 if problem else 200)


def _change(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    hotline_id = _hotline_id(actor)
    match request.POST.get("act", ""):
        case "invite":
            services.invite(hotline_id=hotline_id, actor=actor)
            messages.success(request, _("The invitation is below. Send its link to the other hotline."))
        case "withdraw":
            number = _number_in(request.POST.get("invitation", ""))
            services.withdraw_invitation(number, hotline_id=hotline_id, actor=actor)
        case "accept":
            link = request.POST.get("link", "")[:2000]
            number = services.accept_invitation(link, hotline_id=hotline_id, actor=actor)
            return redirect("exchange_desk:peer", number)
        case "card":
            with hotline_transaction():
                demand_as_shown(request, _mark_of(queries.own_card(hotline_id)))
                services.choose_competences(request.POST.getlist("competence"), hotline_id=hotline_id, actor=actor)
            messages.success(request, _("Saved."))
        case "rotate":
            services.rotate_key(hotline_id=hotline_id, actor=actor)
            messages.success(request, _("The key was replaced. Each hotline is told of the new one."))
        case _other:
            raise BadInput(what=_("act"), why=_("it is not one of invite, withdraw, accept, card and rotate"))
    return redirect(HERE)


def _mark_of(own: Card) -> str:
    """Return a mark of what we said that we can do: an older page would put it back."""
    return mark_of(own.identifier, sorted(own.competences))


@staff("peer.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def peer(request: HttpRequest, peer_id: int) -> HttpResponse:
    """Show one hotline with the key words to compare; say that they are the same, or stop exchanging with it."""
    actor = actor_of(request)
    hotline_id = _hotline_id(actor)
    row = queries.peer(peer_id)
    if row is None:
        raise NotFound(what=_("hotline"))
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "confirm":
            _confirm(request, peer_id, actor)
        elif act == "stop":
            services.stop_peer(peer_id, hotline_id=hotline_id, actor=actor)
            messages.success(request, _("Nothing is exchanged with this hotline any more."))
        else:
            raise BadInput(what=_("act"), why=_("it is not one of confirm and stop"))
        return redirect("exchange_desk:peer", peer_id)
    words = row.key_words
    values = {
        "peer": row,
        "state": PEER_STATES[row.state],
        "countries": _named(row.countries, people_queries.country_names()),
        "competences": [COMPETENCES[one] for one in row.competences],
        "lines": [words[start : start + WORDS_A_LINE] for start in range(0, len(words), WORDS_A_LINE)],
        "changes": [change for change in _waiting(hotline_id) if change.about == row.about],
    }
    return render(request, "exchange/peer.html", values)


def _confirm(request: HttpRequest, peer_id: int, actor: Actor) -> None:
    is_fallback, seen = request.POST.get("fallback") == "1", request.POST.get("seen", "")
    try:
        done = services.confirm_words(
            peer_id, is_fallback=is_fallback, hotline_id=_hotline_id(actor), actor=actor, seen=seen
        )
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")
        return
    if done:
        messages.success(request, str(PEER_STATES["active"]))
    else:
        messages.warning(request, WAITS)


def _waiting(hotline_id: int) -> list[people_queries.PortalChangeRow]:
    return [change for change in people_queries.portal_changes_waiting(hotline_id) if change.what == PEER]


def _named(codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    return ", ".join(str(names.get(code, code)) for code in codes)


def _hotline_id(actor: Actor) -> int:
    assert actor.hotline_id is not None
    return actor.hotline_id


def _number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
