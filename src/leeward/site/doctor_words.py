"""What `leeward doctor` finds wrong with the key of the words, and where words are not sealed yet."""

from collections.abc import Iterator

from leeward.sealing.queries import plain_columns, problems


def of_words() -> Iterator[tuple[str, str, str]]:
    """Yield an identifier, a sentence and a way out for each."""
    for locked in problems():
        yield "leeward.sealing.E001", locked.text, str(locked.hint)
    for place in plain_columns():
        yield (
            "leeward.sealing.W001",
            f"Words from before they were sealed still stand in plain text in {place}.",
            "The worker seals them, some at a time; leeward words status says how far it is.",
        )
