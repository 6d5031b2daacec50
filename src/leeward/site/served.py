"""The WSGI application as `leeward serve` runs it: the process ends with the web server that started it."""

import gc

from leeward.site.serve import die_with_server

die_with_server()  # before the imports that take seconds

from django.conf import settings

from leeward.foundation.watch import open_board
from leeward.site.clocked import clocked
from leeward.site.faces import PUBLIC
from leeward.site.wsgi import application as pages


def _wake() -> None:
    from leeward.audit.keys import load_all
    from leeward.installation.services import wake
    from leeward.sealing.keys import hold_no_key
    from leeward.site.apart.face import end_without
    from leeward.site.warming import warm_up
    from leeward.web_security.salts import forget_at_midnight  # the application must be loaded first

    if not settings.FACE.has_sign_in:
        hold_no_key()
    if settings.LEEWARD.face != PUBLIC:
        wake()  # the public face may not read what was chosen on the desk
    if settings.LEEWARD.face != PUBLIC or settings.LEEWARD.public_file is None:
        load_all()
    else:
        end_without(settings.LEEWARD.public_file)
    forget_at_midnight()
    if settings.FACE.has_sign_in:
        from leeward.site.alarming import watch

        watch()
    warm_up(pages)


_wake()
open_board(settings.LEEWARD.face or "web")
application = clocked(pages)
# What is loaded by now stays for good: without this, the garbage collector would regularly walk through all of it in
# vain.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 50)

__all__ = ["application"]
