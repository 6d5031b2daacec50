"""Groups, servers and games: named in quotes or after words that say so."""

from leeward.hosting.rules.naming.cues import CHANNEL, GAME, GROUP, NAME, SOFT
from leeward.hosting.rules.naming.line import FARTHEST, SAYS, Line, Run
from leeward.hosting.rules.naming.single import at_service
from leeward.hosting.rules.naming.tokens import APP, MARK, QUOTE, WORD

_NEAR = 8


def find_groups(line: Line) -> None:
    """Add the groups and games that a line names."""
    for at, token in enumerate(line.tokens):
        if token.kind != WORD or not {GROUP, GAME, CHANNEL} & token.cues:
            continue
        app = _nearest_service(line, at)
        service = line.tokens[app].service if app is not None else None
        if CHANNEL in token.cues and (service is None or service.name == "YouTube"):
            continue  # a channel there is somebody's account
        is_game = service is not None and service.is_game
        if GAME in token.cues and not is_game:
            continue
        name = service.name if service else ""
        if is_game and (host := _host_near(line, at)):
            line.add((host, host), at_service("game", "", name, _host(line, host)))
        elif run := _quoted_near(line, at) or _said_after(line, at, is_free=not is_game):
            line.add(
                run,
                at_service("game" if is_game else "group", "", name, line.text(run)),
                app=_first_beside(run, at, app),
            )


def _first_beside(run: Run, at: int, app: int | None) -> int:
    """Return which token a group's words begin or end with: the service's, if it stands on the same side as "group"."""
    if app is None or (app < run[0]) != (at < run[0]):
        return at
    return min(app, at) if at < run[0] else max(app, at)


def _nearest_service(line: Line, at: int) -> int | None:
    near = min(line.apps, key=lambda app: (abs(app - at), app > at), default=None)
    return near if near is not None and abs(near - at) <= FARTHEST else None


def _host_near(line: Line, at: int) -> int:
    """Return the token with the host of a game's server, 0 if there is none."""
    after = range(at + 1, min(len(line.tokens), at + _NEAR))
    return next((place for place in after if _host(line, place) and not line.tokens[place].is_used), 0)


def _host(line: Line, at: int) -> str:
    """Return the host that a token is, with a port or without; "" for anything else."""
    token = line.tokens[at]
    is_host = token.item is not None and token.item.kind == "url" and not {"/", "?"} & set(token.text)
    return token.text.lower().partition(":")[0] if is_host else ""


def _quoted_near(line: Line, at: int) -> Run | None:
    """Return the quotation that names a group: the next one, else the one just before."""
    for place in range(at + 1, min(len(line.tokens), at + FARTHEST)):
        token = line.tokens[place]
        if token.kind == QUOTE and not token.is_used:
            return place, place
        if token.kind == WORD and {GROUP, GAME} & token.cues and place > at + 2:
            break
    before = range(at - 1, max(-1, at - _NEAR), -1)
    found = next(
        (place for place in before if line.tokens[place].kind == QUOTE and not line.tokens[place].is_used), None
    )
    return (found, found) if found is not None else None


def _said_after(line: Line, at: int, *, is_free: bool) -> Run | None:
    """Return the words after "group", if something says that they are its name."""
    says = False
    for place in range(at + 1, min(len(line.tokens), at + _NEAR)):
        token = line.tokens[place]
        if (token.kind == MARK and token.text in SAYS) or (token.kind == WORD and NAME in token.cues):
            says = True
        elif token.kind == APP or (token.kind == WORD and token.cues & SOFT):
            continue
        elif token.kind == WORD and not token.cues and (says or token.text[:1].isupper()):
            return line.run(place, is_free=is_free and says)
        else:
            return None
    return None
