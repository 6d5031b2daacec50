"""The whole demonstration world, started and stopped together, with consistent names."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from leeward.demo.world import cast, sites
from leeward.demo.world.dns import NameServer
from leeward.demo.world.host import Site, WebHost
from leeward.demo.world.mailbox import Mailbox
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.smtp import MailServer
from leeward.demo.world.whois import WhoisServer

PACE = 600.0


class World:
    """A web host, a mail server, a name server, registries and a mailbox; `environment()` points Leeward at them."""

    def __init__(
        self, *, web_port: int = 0, mailbox: Path | None = None, pace: float = PACE, undo_seconds: int = 0
    ) -> None:
        self.host = WebHost(addresses=cast.ADDRESSES, port=web_port)
        self.mail = MailServer(user="leeward", password="demonstration")
        self.names = NameServer()
        self.rdap = RdapServer(address=cast.LIGHTHOUSE_IP)
        self.whois = WhoisServer(addresses=(cast.LIGHTHOUSE_IP,))
        self._pace = pace
        self._undo_seconds = undo_seconds  # not faster with the pace: people think again as slowly as ever
        self._folder = mailbox
        self._mailbox: Mailbox | None = None
        self._running = ExitStack()
        sites.fill(self.host)
        self._teach()

    @property
    def mailbox(self) -> Mailbox:
        """The folder in which answers to the hotline's mail arrive; it exists while the world runs."""
        if self._mailbox is None:
            raise ValueError("the world is not running")
        return self._mailbox

    @property
    def pictures(self) -> Site:
        """The site in our own country (JM)."""
        return self.host.site(cast.PICTURES)

    @property
    def far_pictures(self) -> Site:
        """The site abroad (CA)."""
        return self.host.site(cast.FAR_PICTURES)

    @property
    def gallery_url(self) -> str:
        """The address that the main job reports."""
        return self.host.address_of(cast.PICTURES, sites.GALLERY)

    @property
    def more_url(self) -> str:
        """A second page of the same site, for trying the form after the demonstration has taken the gallery down."""
        return self.host.address_of(cast.PICTURES, sites.MORE)

    @property
    def far_gallery_url(self) -> str:
        """The corresponding address abroad."""
        return self.host.address_of(cast.FAR_PICTURES, sites.GALLERY)

    @property
    def control_url(self) -> str:
        """The page that always answers."""
        return self.host.address_of(cast.CONTROL)

    def odd_url(self, path: str) -> str:
        """The address of one of the troublesome pages (see `sites.py`)."""
        return self.host.address_of(cast.ODD_PAGES, path)

    def environment(self) -> dict[str, str]:
        """Return the variables that point an installation at this world; it keeps its own data directory, secret and address."""
        return {
            "LEEWARD_DEMONSTRATION": "true",
            "LEEWARD_PACE": str(self._pace),
            "LEEWARD_UNDO_SECONDS": str(self._undo_seconds),
            "LEEWARD_DNS_RESOLVERS": json.dumps([self.names.resolver]),
            "LEEWARD_FETCH_ALLOWED_NETWORKS": json.dumps(cast.FETCHABLE),
            "LEEWARD_EXCHANGE_ALLOW_HTTP": "true",
            "LEEWARD_FETCH_PROXY": "",
            "LEEWARD_ONION_PROXY": "",
            "LEEWARD_CONTROL_URL": self.control_url,
            "LEEWARD_RDAP_BOOTSTRAP_URL": self.rdap.bootstrap_url,
            "LEEWARD_RDAP_ALLOW_HTTP": "true",
            "LEEWARD_WHOIS_SERVER": cast.LIGHTHOUSE_IP,
            "LEEWARD_WHOIS_PORT": str(self.whois.port),
            "LEEWARD_SMTP_HOST": self.mail.host,
            "LEEWARD_SMTP_PORT": str(self.mail.port),
            "LEEWARD_SMTP_USER": self.mail.user,
            "LEEWARD_SMTP_PASSWORD": self.mail.password,
            "LEEWARD_SMTP_SECURITY": self.mail.security,
            "LEEWARD_MAIL_FROM": cast.HOTLINE,
            "LEEWARD_MAIL_REPLIES": cast.REPLIES,
            "LEEWARD_MAILBOX": self.mailbox.setting,
        }

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            for server in (self.host, self.mail, self.names, self.rdap, self.whois):
                starting.enter_context(server)
            if self._folder is None:
                folder = Path(starting.enter_context(tempfile.TemporaryDirectory(prefix="leeward-demo-")), "mailbox")
            else:
                folder = self._folder
            self._mailbox = Mailbox(folder)
            self._running = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.close()
        self._mailbox = None

    def _teach(self) -> None:
        """Register the world's names and networks with the name server and the registries."""
        for name, address in cast.SITES.items():
            self.names.set(name, "A", address)
        for domain in cast.MAIL_DOMAINS:
            self.names.set(domain, "MX", f"10 mail.{domain}.")
            self.names.set(f"mail.{domain}", "A", self.mail.host)
        for network in cast.NETWORKS:
            self.rdap.add_network(network)
        for autnum in cast.AUTNUMS:
            self.rdap.add_autnum(autnum)
        for known in cast.DOMAINS:
            self.rdap.add_domain(known)
