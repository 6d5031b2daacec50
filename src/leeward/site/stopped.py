"""Serves the stop page for every name and address: a server that has no other page."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from leeward.site.serve import die_with_server

die_with_server()  # before the imports that take seconds

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
django.setup()

from django.conf import settings
from django.db import close_old_connections

from leeward.blocklist.publishing.stop_server import StopServer
from leeward.foundation.watch import open_board
from leeward.site.clocked import clocked

_answer = StopServer(settings.LEEWARD.stop_portal)


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Return the stop page; a broken or old database connection is closed first, as Django does."""
    close_old_connections()
    return _answer(environ, start_response)


# Rendered in all languages now, while nobody waits. On a busy machine the first request could take longer than a request may; the
# process is ended for that, and the next one's first request would take as long.
_answer({}, lambda *_head: None)
open_board("stop page")
application = clocked(_application)

__all__ = ["application"]
