"""Settings of an installation that gives up a run of the mailbox after a second, so that a test need not wait for nine minutes."""

from dataclasses import replace
from datetime import timedelta

from django.apps import AppConfig

from leeward.jobs import registry
from leeward.site.settings import *  # noqa: F403 - ours, but for what stands below
from leeward.site.settings import INSTALLED_APPS as OURS

KIND = "every:notices.read_mailbox"


class Impatient(AppConfig):
    """Shortens the lease once every job is known."""

    name, label = "tests.site", "hanging_mailbox"

    def ready(self) -> None:
        registry.load()
        registry.HANDLERS[KIND] = replace(registry.HANDLERS[KIND], lease=timedelta(seconds=1))


INSTALLED_APPS = [*OURS, "tests.site.hanging_mailbox.Impatient"]
