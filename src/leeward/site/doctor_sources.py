"""The doctor's checks of the sources of known images: unreadable ones, and pending agreements."""

from collections.abc import Iterator

from django_scopes import scope

from leeward.hashbank.queries import SourceRow, live_sources
from leeward.people.queries import hotlines


def of_sources() -> Iterator[tuple[str, str, str]]:
    """Return identifier, sentence and hint of each."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            rows = live_sources()
        for row in rows:
            yield from _of_one(row, hotline.name)


def _of_one(row: SourceRow, hotline: str) -> Iterator[tuple[str, str, str]]:
    if row.state == "failing":
        sentence = f"The source {row.name} of {hotline} failed {row.failures} times: {row.problem}."
        yield "leeward.hashbank.W003", sentence, f"See leeward bank sources status {row.name}."
    if row.state in ("no_agreement", "needs_second"):
        sentence = f"The source {row.name} of {hotline} is not asked: its agreement is not recorded and confirmed."
        yield (
            "leeward.hashbank.W004",
            sentence,
            "Record it, and let a second person confirm it, on the desk: Known images, Exchange.",
        )
    if row.unsure:
        sentence = f"Of {row.unsure} words to the source {row.name} of {hotline} nobody knows whether they arrived."
        yield (
            "leeward.hashbank.W005",
            sentence,
            f"See leeward bank sources feedback {row.name}; --again sends one once more.",
        )
