"""The installation as a Django application: setup for every process."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from leeward.foundation.watch import untimed


class SiteConfig(AppConfig):
    name = "leeward.site"
    label = "site"

    def ready(self) -> None:
        """Stop the watchdog's clock while waiting for the database's write lock, so that such a wait doesn't count as a
        hang."""
        connection_created.connect(_let_waiting_be_free, dispatch_uid="leeward.site.waiting")


def _let_waiting_be_free(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite" and _begin_untimed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_begin_untimed)


def _begin_untimed(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if not sql.startswith("BEGIN"):
        return execute(sql, *rest)
    with untimed():
        return execute(sql, *rest)
