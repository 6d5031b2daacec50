"""Collections of hashes that others keep, as small real servers: each speaks its protocol on loopback and can be told to misbehave."""

from leeward.demo.world.feeds.leeward import LeewardFeed
from leeward.demo.world.feeds.ncmec import NcmecFeed
from leeward.demo.world.feeds.stopncii import StopNciiFeed
from leeward.demo.world.feeds.threatexchange import ThreatExchangeFeed

__all__ = ["LeewardFeed", "NcmecFeed", "StopNciiFeed", "ThreatExchangeFeed"]
