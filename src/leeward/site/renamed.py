"""A machine that was given another name: what was told of it is told under that name from then on, not once more."""

import logging
import socket

from django.conf import settings

from leeward.site.alarms import mark_of
from leeward.site.models import ABOUT_MOST, SentAlarm

log = logging.getLogger(__name__)
FILE = ".machine"  # in the data directory: the names that its machine has had, the newest last


def follow_name() -> None:
    """Let alarms that were told under the name before be known by the present one. Each name is taken up once: two machines that share
    a data directory, or a copy of one, don't take each other's alarms again and again."""
    place, name = settings.LEEWARD.data_dir / FILE, socket.gethostname()
    try:
        known = place.read_text(encoding="utf-8").split("\n") if place.exists() else []
    except (OSError, UnicodeDecodeError):
        log.warning("machine.not_known", exc_info=True)
        return
    if name in known:
        return
    if known:
        _take_over(mark_of(known[-1]), mark_of(name))
    try:
        place.write_text("\n".join([*known, name]), encoding="utf-8")
    except OSError:  # no room: then it is tried again
        log.warning("machine.not_known", exc_info=True)


def _take_over(before: str, now: str) -> None:
    rows = list(SentAlarm.objects.all())
    known = {row.key for row in rows}
    for row in rows:
        if row.about.startswith(before):
            about = f"{now}{row.about.removeprefix(before)}"[:ABOUT_MOST]
            if (row.code, row.hotline_id, about) in known:
                row.delete()
            else:
                SentAlarm.objects.filter(pk=row.pk).update(about=about)
