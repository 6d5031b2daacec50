"""Signing in, for tests: codes as the standard makes them, and a client that is in already."""

import base64
import hashlib
import hmac
import struct
import time

from django.test import Client

from leeward.people.models import User
from tests.personas import Cast

SECRET = "JBSWY3DPEHPK3PXP"
GOOD = "palm-tree-77-shade"


def totp(secret: str = SECRET, *, step: int = 0) -> str:
    """RFC 6238, written from the standard so that sign-in is tested against it; `step` 1 is the code after this one."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def signed_in(cast: Cast, who: str) -> Client:
    """A client that has been through the door."""
    client = Client()
    client.force_login(User.objects.get(pk=cast[who].account_id))
    return client


def events(hotline_id: int) -> list[str]:
    """What the log of a hotline says, newest first."""
    from leeward.audit.queries import log_page

    return [line.event for line in log_page(hotline_id)]
