"""The route table: which path and method call which view, and with which scope. The site map and OpenAPI document come
from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from leeward.hashbank.hma.views import banks, exchanges, matching

Needs = Literal["", "read", "match", "curate"]
_MATCH: Needs = "match"
_READ: Needs = "read"
_CURATE: Needs = "curate"


@dataclass(frozen=True, slots=True)
class Route:
    """One method of a path: the scope it requires ('' for none) and its view. `takes`: its parameters; `sends`: its
    body.
    """

    method: str
    path: str
    needs: Needs
    view: Callable[..., Any] | None
    takes: tuple[str, ...] = ()
    sends: Literal["", "json", "form", "either"] = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The segments of its path."""
        return tuple(self.path.strip("/").split("/"))


_FILE = ("types",)
_FROM = ("url", "content_type", *_FILE)
_PICK = ("banks", "seed", "bypass_coinflip")
_CONTENT = "/c/bank/<bank_name>/content/<content_id>"
ROUTES: Sequence[Route] = (
    Route("GET", "/status", "", None),
    Route("GET", "/status/live", "", None),
    Route("GET", "/site-map", "", None),
    Route("GET", "/openapi", "", None),
    Route("GET", "/openapi/openapi.json", "", None),
    Route("GET", "/h/hash", _MATCH, matching.hash_url, _FROM),
    Route("POST", "/h/hash", _MATCH, matching.hash_file, _FILE, "form"),
    Route("GET", "/m/lookup", _MATCH, matching.lookup, ("signal", "signal_type", *_FROM, *_PICK, "altered")),
    Route("POST", "/m/lookup", _MATCH, matching.lookup_file, (*_FILE, *_PICK, "altered"), "form"),
    Route("GET", "/m/raw_lookup", _MATCH, matching.raw_lookup, ("signal", "signal_type", "banks", "include_distance")),
    Route("POST", "/m/compare", _MATCH, matching.compare, (), "json"),
    Route("GET", "/m/index/status", _MATCH, matching.status, ("signal_type",)),
    Route("GET", "/c/banks", _READ, banks.list_banks),
    Route("POST", "/c/banks", _CURATE, banks.create_bank, (), "json"),
    Route("GET", "/c/bank/<bank_name>", _READ, banks.get_bank),
    Route("PUT", "/c/bank/<bank_name>", _CURATE, banks.change_bank, (), "json"),
    Route("DELETE", "/c/bank/<bank_name>", _CURATE, banks.delete_bank),
    Route("POST", "/c/bank/<bank_name>/content", _CURATE, banks.add_content, (*_FROM, "metadata", "note"), "either"),
    Route("POST", "/c/bank/<bank_name>/signal", _CURATE, banks.add_signal, (), "json"),
    Route("GET", _CONTENT, _READ, banks.get_content, ("include_signals", "include_metadata")),
    Route("PUT", _CONTENT, _CURATE, banks.change_content, (), "json"),
    Route("DELETE", _CONTENT, _CURATE, banks.delete_content),
    Route("GET", "/c/exchanges/apis", _READ, exchanges.list_apis),
    Route("GET", "/c/exchanges/api/<api_name>", _READ, exchanges.get_api),
    Route("POST", "/c/exchanges/api/<api_name>", _CURATE, exchanges.set_api, (), "json"),
    Route("GET", "/c/exchanges/api/<api_name>/schema", _READ, exchanges.api_schema),
    Route("GET", "/c/exchanges", _READ, exchanges.list_exchanges),
    Route("POST", "/c/exchanges", _CURATE, exchanges.create_exchange, (), "json"),
    Route("GET", "/c/exchange/<exchange_name>", _READ, exchanges.get_exchange),
    Route("PUT", "/c/exchange/<exchange_name>", _CURATE, exchanges.change_exchange, (), "json"),
    Route("DELETE", "/c/exchange/<exchange_name>", _CURATE, exchanges.delete_exchange),
    Route("GET", "/c/exchange/<exchange_name>/status", _READ, exchanges.exchange_status),
    Route("GET", "/c/signal_type", _READ, exchanges.list_signal_types),
    Route("PUT", "/c/signal_type/<signal_type>", _CURATE, exchanges.change_signal_type, (), "json"),
    Route("GET", "/c/signal_type/index", _READ, matching.index, ("signal_type",)),
    Route("GET", "/c/content_type", _READ, exchanges.list_content_types),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A known path: its routes by method, and the values of its placeholders."""

    by_method: Mapping[str, Route]
    values: tuple[str | int, ...]


def find(parts: Sequence[str]) -> Found | None:
    """Find the routes for a path given as segments; None where there is none."""
    best: dict[str, Route] = {}
    values: tuple[str | int, ...] = ()
    for route in sorted(ROUTES, key=lambda one: one.path.count("<")):  # literal segments first
        if best and route.parts != next(iter(best.values())).parts:
            continue
        given = _values(route.parts, parts)
        if given is not None:
            best[route.method], values = route, given
    return Found(best, values) if best else None


def _values(wanted: Sequence[str], parts: Sequence[str]) -> tuple[str | int, ...] | None:
    if len(wanted) != len(parts):
        return None
    values: list[str | int] = []
    for name, part in zip(wanted, parts, strict=True):
        if name == "<content_id>":
            if not part.isascii() or not part.isdigit() or len(part) > 18:
                return None
            values.append(int(part))
        elif name.startswith("<"):
            values.append(part)
        elif name != part:
            return None
    return tuple(values)


def site_map() -> list[str]:
    """List every path once."""
    return sorted({route.path for route in ROUTES} | {"/"})
