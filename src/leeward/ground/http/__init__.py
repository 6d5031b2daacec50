"""The guarded HTTP client: fetches what strangers serve, reaches nobody it must not, never holds more than it may.

The one part of `ground` that touches the network. Start in `client.py`.
"""

from leeward.ground.http.answers import Answer, Limits, Outcome
from leeward.ground.http.browser import Asked, Kind, headers_of
from leeward.ground.http.client import Client, ClientMisused, Policy
from leeward.ground.http.wire import NameProblem, Resolution, Resolver

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
