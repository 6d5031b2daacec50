"""Organisations that take reports by a program, as small real servers on loopback with the rules of the real ones."""

from leeward.demo.world.receivers.cybertipline import CyberTiplineServer
from leeward.demo.world.receivers.iccam import IccamServer

__all__ = ["CyberTiplineServer", "IccamServer"]
