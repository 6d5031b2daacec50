"""The short run begins with the stage of the journeys."""

from tests.journeys.conftest import stage

__all__ = ["stage"]
