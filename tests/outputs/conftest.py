"""The desk of the casework tests, for exports of its cases."""

from tests.casework.conftest import desk, running_world, world

__all__ = ["desk", "running_world", "world"]
