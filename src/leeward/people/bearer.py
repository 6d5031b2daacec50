"""Access control for the API: identifies the calling program and its hotline, and checks the scope of its key."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_scopes import scope
from ninja.security import HttpBearer

from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.people import queries
from leeward.people.queries import TokenRow
from leeward.people.services.tokens import note_use
from leeward.web_security.rules.bucket import Level, take

PER_MINUTE, BURST = 1200.0, 200
_levels: dict[tuple[int, float], Level] = {}  # per process: key holders are known, so the counts needn't outlive it


class KeyIsWrong(LeewardError):
    """The key is missing, unknown, expired or revoked."""

    code = "key_is_wrong"
    sentence = _("This key gives no access: it is unknown, revoked or expired.")
    hint = _("Send a valid key in the header: Authorization: Bearer KEY. The hotline issues them.")
    status = 401


class KeyTooNarrow(LeewardError):
    """The key is valid but lacks the required scope."""

    code = "key_too_narrow"
    sentence = _("This key does not give access: it needs the scope {scope}.")
    hint = _("Ask the hotline for a key with this scope.")
    status = 403


class HolderNotConfirmed(LeewardError):
    """The key is valid, but only one person says who holds it."""

    code = "holder_not_confirmed"
    sentence = _("This key does not give access yet: a second person at the hotline has to confirm who holds it.")
    hint = _("Ask the hotline to confirm the holder of the key.")
    status = 403


class TooFast(LeewardError):
    """The key has exceeded its request rate."""

    code = "too_fast"
    sentence = _("That was too many requests in a short time.")
    hint = _("Wait a minute and continue more slowly.")
    status = 429


class Bearer(HttpBearer):
    """Authenticate a request whose key has one of these scopes; `request.auth` is its TokenRow."""

    def __init__(self, scopes: tuple[str, ...], per_minute: float, burst: int) -> None:
        super().__init__()
        self.scopes, self.per_minute, self.burst = scopes, per_minute, burst

    def __call__(self, request: HttpRequest) -> Any:
        """Do what the library does, but with our own message when there is no key."""
        found = super().__call__(request)
        if found is None:
            raise KeyIsWrong
        return found

    def authenticate(self, request: HttpRequest, token: str) -> TokenRow:
        """Return the key's row. Raises KeyIsWrong, KeyTooNarrow, TooFast."""
        return open_with(token, self.scopes, per_minute=self.per_minute, burst=self.burst)


def bearer(*scopes: str, per_minute: float = PER_MINUTE, burst: int = BURST) -> Bearer:
    """Return the authentication for a route that a key with any of these scopes may call."""
    return Bearer(scopes, per_minute, burst)


def open_with(key: str, scopes: tuple[str, ...], *, per_minute: float = PER_MINUTE, burst: int = BURST) -> TokenRow:
    """Return the row of a key that is valid today for one of the scopes. Raises KeyIsWrong, KeyTooNarrow, TooFast."""
    today = datetime.now(UTC).date()
    row = queries.token_of(key)
    if row is None or not row.is_good(today):
        raise KeyIsWrong
    if not set(scopes) & set(row.scopes):
        raise KeyTooNarrow(scope=" or ".join(scopes))
    if not _has_room(row.id, per_minute, burst):
        raise TooFast
    if row.last_used_on != today:
        note_use(row.id, today)
    return row


def _has_room(token_id: int, per_minute: float, burst: int) -> bool:
    now, place = datetime.now(UTC), (token_id, per_minute)
    allowed, _levels[place] = take(
        _levels.get(place, Level(float(burst), now)), now, per_minute=per_minute, burst=burst
    )
    return allowed


def key_of(request: HttpRequest) -> TokenRow:
    """Return the row of the key that authenticated the request."""
    row: TokenRow = request.auth  # type: ignore[attr-defined]  # what `authenticate` returned
    return row


def token_actor(row: TokenRow) -> Actor:
    """Return a key as an actor; the log shows it as `token:7`."""
    return Actor(kind="token", id=row.id, name=row.name, hotline_id=row.hotline_id, roles=frozenset(row.scopes))


def in_hotline[**P, R](view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """Run a route's function in the scope of its key's hotline; must be the decorator directly above the function."""

    @wraps(view)
    def scoped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        with scope(hotline=key_of(request).hotline_id):
            return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], R]", scoped)
