from collections.abc import Callable, Collection, Mapping

from django.apps import AppConfig

type AskDesk = Callable[[Collection[int]], Mapping[int, bool | None]]


class ExchangeConfig(AppConfig):
    """The slice. `ask_desk` answers of cases whether their decision stands, None while they are looked at anew; the slice of cases sets it as
    it gets ready, without loading what is here. Until then no report can be sent."""

    name = "leeward.exchange"
    label = "exchange"
    ask_desk: AskDesk | None = None
