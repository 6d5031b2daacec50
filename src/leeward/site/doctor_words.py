"""What `leeward doctor` finds wrong with the key of the words, and where words are not sealed yet."""

from collections.abc import Iterator

from leeward.sealing.queries import is_closed_here, plain_columns, problems

# Said where the key can't be looked at: its passphrase is typed at the start, or given to the service alone.
CLOSED = (
    "words.key is sealed by a passphrase that this command doesn't have: whether it opens words can't be seen from here.",
    "See whether leeward serve starts with that passphrase: with a key that is another or damaged it doesn't.",
)


def of_words() -> Iterator[tuple[str, str, str]]:
    """Yield an identifier, a sentence and a way out for each."""
    if not is_closed_here():
        for wrong in problems():
            yield "leeward.sealing.E001", wrong.text, str(wrong.hint)
    for place in plain_columns():
        yield (
            "leeward.sealing.W001",
            f"Words from before they were sealed still stand in plain text in {place}.",
            "The worker seals them, some at a time; leeward words status says how far it is.",
        )
