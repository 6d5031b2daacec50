"""Requests the first pages of a new web process before anybody else can, so that no visitor waits for loading and
compiling."""

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from leeward.people.queries import portals_open
from leeward.site.faces import API, DESK
from leeward.web_security.keys import new_form_key

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SIGN_IN = "/desk/account/login/"
log = logging.getLogger(__name__)


def warm_up(application: Application) -> list[str]:
    """Request the pages that people see first; return their paths. GET changes nothing, and a page that fails now stops
    nobody: it reports its error to whoever requests it."""
    paths = _paths()
    for path in paths:
        try:
            _get(application, path)
        except Exception:
            log.warning("page.not_warm", extra={"path": path}, exc_info=True)
    return paths


def _paths() -> list[str]:
    face = settings.LEEWARD.face
    if face == API:
        return ["/certificate"]
    if face == DESK:
        return [SIGN_IN]
    try:
        fronts = [f"/{portal.slug}/" for portal in portals_open()]
    except Exception:  # the database may be unavailable for a while
        log.warning("page.not_warm", exc_info=True)
        fronts = []
    forms = [f"{front}{page}" for front in fronts[:1] for page in ("report", "receipt")]
    return ["/", *fronts, *forms] + ([SIGN_IN] if not face else [])


def _get(application: Application, path: str) -> None:
    base = urlsplit(settings.LEEWARD.base_url)
    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": base.netloc, "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"wsgi.url_scheme": base.scheme, "REQUEST_METHOD": "GET"}
    if path.endswith("/report"):  # each form has an address of its own; without one this would be led to it only
        environ["QUERY_STRING"] = f"form={new_form_key()}"
    setup_testing_defaults(environ)
    answer = application(environ, lambda *_head: None)
    try:
        for _part in answer:
            pass
    finally:
        close = answer.close if hasattr(answer, "close") else None
        if close is not None:
            close()
