"""Recurring tasks: delete expired sessions."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from leeward.jobs.registry import every


@every(timedelta(days=1), deletes=True)
def forget_sessions() -> None:
    """Delete expired sessions."""
    SessionStore.clear_expired()
