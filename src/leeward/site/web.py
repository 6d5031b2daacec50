"""The parent of the web processes: `python -m leeward.site.web OPTIONS`, with granian's options; or a fork that does the same
(`site/forked.py`).

It loads the pages once and forks. So a second process, and one that takes the place of another that died, is there in a
moment, and what is loaded takes up memory once. Nothing is opened here that processes must not share: no database, no
thread.
"""

import multiprocessing
from importlib import import_module

from granian.cli import entrypoint

from leeward.foundation.loading import loading
from leeward.foundation.own_memory import close_memory
from leeward.site.serve import show_name

# The first one sets Django up.
LOADED = ("leeward.site.wsgi", "leeward.site.clocked", "leeward.site.warming")
FOR_STAFF = "leeward.site.alarming"


def main() -> None:
    """Serve until a signal ends us. Where processes are not forked (macOS), each loads the pages by itself."""
    close_memory()
    show_name("web")
    if multiprocessing.get_start_method() == "fork":
        load_pages()
    entrypoint()  # type: ignore[no-untyped-call]


def load_pages() -> None:
    """Load what a web process needs before it answers."""
    with loading():
        for name in LOADED:
            import_module(name)
        from django.conf import settings
        from django.template import engines
        from django.urls import get_resolver

        if settings.FACE.has_sign_in:
            import_module(FOR_STAFF)
        engines.all()
        len(get_resolver().url_patterns)


if __name__ == "__main__":
    main()
