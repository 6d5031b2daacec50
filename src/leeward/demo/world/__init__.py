"""The world outside Leeward, made of small real servers on loopback; the demonstration and the tests use them."""

from leeward.demo.world.dns import NameServer
from leeward.demo.world.host import Site, WebHost
from leeward.demo.world.mailbox import Mailbox
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.smtp import MailServer
from leeward.demo.world.world import World

__all__ = ["MailServer", "Mailbox", "NameServer", "RdapServer", "Site", "WebHost", "World"]
