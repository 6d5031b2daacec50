"""For how long a desk key stays after another one took its place. Pure."""

from datetime import datetime, timedelta

# Processes of this machine see a new words.pub at once. Another machine gets it from a person, who may be away for some weeks; until
# then its public face or API seals to the older key, which is seen each time that something from there is opened. So what this time has
# to cover is that nothing comes in there meanwhile: a month, in which a thief of words.key gains nothing that it didn't hold before.
GRACE = timedelta(days=30)


def stays_until(*needed_at: datetime) -> datetime:
    """Return until when older keys stay that were needed at these moments, or may have been."""
    return max(needed_at) + GRACE
