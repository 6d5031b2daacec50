from collections.abc import Callable, Mapping
from typing import Any

from django.apps import AppConfig

type AskDesk = Callable[[Mapping[int, Mapping[str, Any] | None]], Mapping[int, bool | None]]


class ExchangeConfig(AppConfig):
    """The slice. `ask_desk` answers of cases whether their decision stands, with the facts that are to be told, None while they are looked at
    anew; the slice of cases sets it as it gets ready, without loading what is here. Until then no report can be sent."""

    name = "leeward.exchange"
    label = "exchange"
    ask_desk: AskDesk | None = None
