"""The web host of the demonstration: several sites on one port, told apart by the Host header."""

import threading
from collections.abc import Mapping

from leeward.demo.world.pages import Page, answer_of, gone, plain
from leeward.demo.world.web import Answer, Request, WebServer


class Site:
    """One site: pages by path, some of them taken down or replaced for a while."""

    def __init__(self, name: str, pages: Mapping[str, Page] | None = None) -> None:
        self.name = name
        self._pages: dict[str, Page] = dict(pages or {})
        self._instead: dict[str, Page] = {}
        self._lock = threading.Lock()

    def put(self, path: str, page: Page) -> None:
        """Set what the site has at a path."""
        with self._lock:
            self._pages[path] = page

    def take_down(self, path: str, *, status: int = 410) -> None:
        """Remove what is at the path; from now on the answer is 410 or 404."""
        self.replace(path, gone(status))

    def replace(self, path: str, page: Page) -> None:
        """Replace what is at the path; the original can be restored."""
        with self._lock:
            self._instead[path] = page

    def restore(self, path: str) -> None:
        """Restore what was at the path originally."""
        with self._lock:
            self._instead.pop(path, None)

    def paths(self) -> list[str]:
        """Every path that the site has or had."""
        with self._lock:
            return sorted(self._pages.keys() | self._instead.keys())

    def page(self, path: str) -> Page | None:
        """What is at a path now, or None."""
        with self._lock:
            return self._instead.get(path) or self._pages.get(path)


class WebHost(WebServer):
    """Serves its sites on every address it listens on; an unknown site or path is 404."""

    def __init__(self, *, addresses: tuple[str, ...] = ("127.0.0.1",), port: int = 0) -> None:
        super().__init__(addresses=addresses, port=port)
        self._sites: dict[str, Site] = {}
        self._lock = threading.Lock()

    def site(self, name: str) -> Site:
        """Return the site of this name; a new one is empty."""
        with self._lock:
            return self._sites.setdefault(name.lower(), Site(name.lower()))

    def address_of(self, name: str, path: str = "/") -> str:
        """The URL under which the world asks for a page of a site."""
        return f"http://{name}:{self.port}{path}"

    def respond(self, request: Request) -> Answer:
        with self._lock:
            site = self._sites.get(request.host)
        page = site.page(request.path) if site else None
        if page is None:
            return plain("Not found", status=404)
        return answer_of(page, request)
