"""What `leeward doctor` finds wrong with the key of the words and the keys of single texts, and where words are not sealed yet."""

from collections.abc import Iterator

from leeward.sealing.queries import is_closed_here, plain_columns, problems_of_key, problems_of_store, unused_that_stay

# Said where the key can't be looked at: its passphrase is typed at the start, or given to the service alone.
CLOSED = (
    "words.key is sealed by a passphrase that this command doesn't have: whether it opens words can't be seen from here.",
    "See whether leeward serve starts with that passphrase: with a key that is another or damaged it doesn't.",
)


def of_words() -> Iterator[tuple[str, str, str]]:
    """Yield an identifier, a sentence and a way out for each."""
    if not is_closed_here():
        for wrong in problems_of_key():
            yield "leeward.sealing.E001", wrong.text, str(wrong.hint)
    for wrong in problems_of_store():
        yield "leeward.sealing.E003", wrong.text, str(wrong.hint)
    for stay in unused_that_stay():
        yield "leeward.sealing.E004", stay.text, str(stay.hint)
    for place in plain_columns():
        yield (
            "leeward.sealing.W001",
            f"Words from before they were sealed still stand in plain text in {place}.",
            "The worker seals them, some at a time; leeward words status says how far it is.",
        )
