"""The installation's settings for notices, scaled by its pace, and its mail server."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from leeward.foundation.clock import paced
from leeward.foundation.http import Policy
from leeward.hosting.queries import resolve
from leeward.installation.queries import config_now
from leeward.notices.channels.smtp import MailServer
from leeward.notices.channels.webhook import Line
from leeward.notices.rules.ladder import Rungs, deadline
from leeward.notices.rules.reference import return_path

# Addresses for the same contact within this time go in one message.
GATHER = timedelta(minutes=2)
# A contact that was looked up this recently is not looked up again before sending.
RECHECK = timedelta(minutes=15)
NO_SERVER = timedelta(minutes=10)
# How long another country's hotline has to answer, and a payment firm.
HOTLINE_ANSWERS = timedelta(days=3)


def short(interval: timedelta) -> timedelta:
    """Return a waiting time scaled to this installation's pace."""
    return paced(interval, settings.LEEWARD.pace)


def rungs() -> Rungs:
    """Return the ladder that is in force."""
    config = config_now()
    return Rungs(short(timedelta(hours=config.ladder_hours)), config.ladder_owner_step, config.ladder_upstream_step)


def deadline_of(worded_at: datetime) -> datetime:
    """Return by when whoever gets a notice that is worded at this moment is asked to act."""
    return deadline(worded_at, rungs())


def police_wait() -> timedelta:
    """Return how long the host is not told while the police say nothing."""
    return short(timedelta(hours=config_now().police_wait_hours))


def time_to_answer(kind: str) -> timedelta:
    """Return how long a contact of this kind has to answer before its silence counts."""
    if kind in ("police", "protection"):
        return police_wait()
    return short(HOTLINE_ANSWERS) if kind in ("hotline", "payment") else rungs().every


def longest_hold() -> timedelta:
    """Return the longest hold. It ends on a day that a person chose, so the pace doesn't shorten it."""
    return timedelta(days=config_now().hold_most_days)


def mail_server() -> MailServer | None:
    """Return the mail server, or None if none is configured: then messages wait."""
    config = config_now()
    if not config.smtp_host:
        return None
    return MailServer(
        host=config.smtp_host,
        port=config.smtp_port,
        security=config.smtp_security,
        user=config.smtp_user,
        password=config.smtp_password,
        hello=urlsplit(config.base_url).hostname or "localhost",
    )


def webhook_line() -> Line:
    """Return the connection settings for contacts' own servers: as guarded as fetching, and only with TLS."""
    config = config_now()
    policy = Policy(
        schemes=("https", "http") if config.webhook_allow_http else ("https",),
        allowed_networks=config.fetch_allowed_networks,
        proxy=config.fetch_proxy,
        accept="application/json",
    )
    return Line(resolve, policy)


def sender() -> str:
    """Return the sender address of messages."""
    return str(config_now().mail_from)


def return_path_of(message_id: int) -> str:
    """Return the bounce address of an outbox message: one of its own if the settings provide one."""
    config = config_now()
    return return_path(config.secret_bytes, config.mail_bounces, message_id) if config.mail_bounces else sender()


def replies() -> str:
    """Return the reply address."""
    return str(config_now().mail_replies or config_now().mail_from)
