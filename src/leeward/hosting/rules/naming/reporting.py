"""Where the services that a report names take reports themselves."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from leeward.hosting.rules.naming.known_services import Service
from leeward.hosting.rules.naming.service_links import service_at
from leeward.hosting.rules.naming.service_names import by_name

_NAMED = ("account", "group", "game", "phone")


def services_to_tell(things: Iterable[tuple[str, str, str]]) -> tuple[Service, ...]:
    """Return the services of these things (kind, display, service) that have a page for reports, each once, in order. A web
    address belongs to the service on whose host it is.
    """
    found: dict[str, Service] = {}
    for kind, display, name in things:
        service = (
            by_name(name) if kind in _NAMED else service_at(urlsplit(display).hostname or "") if kind == "url" else None
        )
        if service is not None and service.report:
            found.setdefault(service.name, service)
    return tuple(found.values())
