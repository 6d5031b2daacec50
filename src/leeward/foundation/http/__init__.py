"""The guarded HTTP client: fetches what strangers serve, reaches nobody it must not, never holds more than it may.

The one part of `foundation` that touches the network. Start in `client.py`.
"""

from leeward.foundation.http.answers import Answer, Limits, Outcome
from leeward.foundation.http.browser import Asked, Kind, headers_of
from leeward.foundation.http.client import Client, ClientMisused, Policy
from leeward.foundation.http.wire import NameProblem, Resolution, Resolver

__all__ = [
    "Answer",
    "Asked",
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
