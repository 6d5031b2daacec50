"""Django's `migrate`, but that an empty database gets its tables at once (`leeward.site.fresh`)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from leeward.site import fresh


class Command(migrate.Command):
    """Bring a database up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Build an empty database whole unless a part or a plan was asked for, then do as Django does."""
        connection = connections[options["database"]]
        is_plain = not (
            options["app_label"] or options["plan"] or options["check_unapplied"] or options["fake"] or options["prune"]
        )
        if is_plain and fresh.is_empty(connection):
            fresh.build(connection)
        super().handle(*args, **options)
