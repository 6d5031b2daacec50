"""How long something stayed after its host was told, as coarsely as it is kept beside its country. Pure."""

# In days; the last: a year or longer.
DAYS = (0, 1, 2, 3, 4, 5, 6, 7, 14, 30, 90, 365)
NEVER = "never"


def day_of(hours: str) -> str:
    """Return what is kept of some hours: the last of `DAYS` that was reached, or "never"."""
    return NEVER if hours == NEVER else str(max(day for day in DAYS if day * 24 <= int(hours)))
