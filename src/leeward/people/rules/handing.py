"""What becomes of a portal's name and keys when it is handed over. Pure."""

# Keys by which reports come in; one that also opens something else stays.
KEY_SCOPES = frozenset({"intake", "sms"})
MOST_LETTERS = 31


def name_of_record(slug: str, number: int) -> str:
    """Return the name under which a portal stays as a record: its own and its number, which no other portal has."""
    end = f"-{number}"
    return f"{slug[: MOST_LETTERS - len(end)].rstrip('-')}{end}"
