"""The guarded HTTP client for untrusted servers: it connects only to allowed addresses and never holds more than its
limits.

The only part of `foundation` that touches the network. Start in `client.py`.
"""

from leeward.foundation.http.answers import Answer, Limits, Outcome
from leeward.foundation.http.browser import BrowserRequest, Kind, headers_of
from leeward.foundation.http.client import Client, ClientMisused, Policy
from leeward.foundation.http.wire import NameProblem, Resolution, Resolver

__all__ = [
    "Answer",
    "BrowserRequest",
    "Client",
    "ClientMisused",
    "Kind",
    "Limits",
    "NameProblem",
    "Outcome",
    "Policy",
    "Resolution",
    "Resolver",
    "headers_of",
]
