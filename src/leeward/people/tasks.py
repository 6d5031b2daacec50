"""What is done again and again: sessions that are over are forgotten."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from leeward.jobs.registry import every


@every(timedelta(days=1))
def forget_sessions() -> None:
    """Delete sessions that are over."""
    SessionStore.clear_expired()
