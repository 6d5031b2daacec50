from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.apps import AppConfig, apps

type AskDesk = Callable[[Mapping[int, Mapping[str, Any] | None]], Mapping[int, bool | None]]


class ExchangeConfig(AppConfig):
    """The slice. `ask_desk` answers of cases whether their decision stands, with the facts that are to be told, None while they are looked at
    anew; the slice of cases sets it as it gets ready, without loading what is here. Until then no report can be sent."""

    name = "leeward.exchange"
    label = "exchange"
    ask_desk: AskDesk | None = None

    def ready(self) -> None:
        """Let the list of letters to the police know whose report waits for them."""
        notices: Any = apps.get_app_config("notices")
        notices.others_waiting = _waiting_for_police


def _waiting_for_police() -> Collection[int]:
    from leeward.exchange.queries import waiting_for_police

    return waiting_for_police()
