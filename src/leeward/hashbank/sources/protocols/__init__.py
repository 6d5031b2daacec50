"""The protocols by which sources are pulled from and sent feedback. No database: pages are passed as plain values."""

from collections.abc import Callable, Iterator
from typing import Any

from leeward.hashbank.sources.protocols import leeward, ncmec, stopncii, threatexchange
from leeward.hashbank.sources.protocols.line import Feed, FeedbackItem, FeedbackResult, Line, Page

type Pull = Callable[[Line, Feed, dict[str, Any]], Iterator[Page]]
type SendFeedback = Callable[[Line, Feed, FeedbackItem, Callable[[], bool]], FeedbackResult | None]


def _paged(page: Callable[[Line, Feed, dict[str, Any]], Page]) -> Pull:
    """Adapt a function that fetches one page: each page starts from the checkpoint of the one before."""

    def pages(line: Line, feed: Feed, checkpoint: dict[str, Any]) -> Iterator[Page]:
        while True:
            found = page(line, feed, checkpoint)
            yield found
            if found.is_last:
                return
            checkpoint = found.checkpoint

    return pages


PULLS: dict[str, Pull] = {
    "ncmec": _paged(ncmec.page),
    "stopncii": _paged(stopncii.page),
    "threatexchange": _paged(threatexchange.page),
    "leeward": leeward.pages,
}
SENDERS: dict[str, SendFeedback] = {
    "ncmec": ncmec.send_feedback,
    "stopncii": stopncii.send_feedback,
    "threatexchange": threatexchange.send_feedback,
    "leeward": leeward.send_feedback,
}

__all__ = ["PULLS", "SENDERS", "Feed", "FeedbackItem", "FeedbackResult", "Line", "Page"]
