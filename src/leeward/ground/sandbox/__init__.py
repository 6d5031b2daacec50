"""Bytes from outside are decoded in child processes (README.md)."""

from leeward.ground.sandbox.limits import USUAL, Finding, Limits
from leeward.ground.sandbox.pool import Pool, call, pids

__all__ = ["USUAL", "Finding", "Limits", "Pool", "call", "pids"]
