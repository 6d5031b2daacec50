"""What tests of sources share: a source that two people agreed on, and pulling from it."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from leeward.foundation import sandbox
from leeward.foundation.sandbox.limits import Code
from leeward.hashbank.models import Record
from leeward.hashbank.sources.services import agreeing, pulling
from tests.hashbank.conftest import file_hashes
from tests.having_read import confirm_agreement
from tests.personas import Cast

TERMS: dict[str, Any] = {"terms": "Memorandum 2026-4", "agreed_on": date(2026, 5, 31)}


def prints(name: str) -> dict[str, str]:
    """The digests of a file, as NCMEC names them."""
    return {one.kind: one.text for one in file_hashes(name) if one.kind != "sha256"}


def agreed_source(cast: Cast, feed: Any, protocol: str, *, name: str = "feed", agreed: bool = True, **more: Any) -> int:
    """Add a source and let two people agree on it."""
    said = {"source": "Clearing House", "url": feed.url, "secrets": feed.secrets} | more
    number = agreeing.add_source(name, protocol=protocol, **said, actor=cast["carl"].actor)
    if agreed:
        agreeing.agree(name, **TERMS, actor=cast["carl"].actor)
        confirm_agreement(name, actor=cast["adam"].actor)
    return number


def pull(number: int, cast: Cast) -> pulling.Pulled:
    """Pull as a supervisor would."""
    return pulling.pull(number, actor=cast["carl"].actor)


def cut_after(most: int, code: Code) -> Callable[..., Iterator[Any]]:
    """Instead of `sandbox.stream`: a child that ends so once it has found that many."""
    stream = sandbox.stream

    def cut(*about: Any, **more: Any) -> Iterator[Any]:
        found = stream(*about, **more)
        yield from islice(found, most)
        found.close()  # type: ignore[attr-defined]  # a generator
        yield sandbox.Finding(code)

    return cut


def states() -> dict[str, int]:
    """How many records are in which state."""
    found: dict[str, int] = {}
    for state in Record.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
