"""Untrusted bytes are decoded in child processes (README.md)."""

from leeward.foundation.sandbox.limits import USUAL, Finding, Limits
from leeward.foundation.sandbox.pool import Pool, call, pids, stream

__all__ = ["USUAL", "Finding", "Limits", "Pool", "call", "pids", "stream"]
