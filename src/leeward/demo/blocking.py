"""The step of the play in which a name abroad is listed, published, fetched by a subscriber, and refused by a real resolver."""

import re
import urllib.request
from typing import Any

from leeward.demo.browserless import Browser
from leeward.demo.resolver import refusal, resolver
from leeward.demo.running import Installation
from leeward.demo.world import World, cast

LIST, SOURCE = "partner", "Hotline of the far shore (example)"
BASIS = "Agreement between the two hotlines (example), section 4"
SETTINGS = {
    "test_domain": "lists.lighthouse.example",
    "canary_domains": "quiet-pages.example",
    "zone_suffix": "rpz.leeward-hotline.example",
    "primary_name": "ns.leeward-hotline.example",
    "mailbox_name": "lists.leeward-hotline.example",
}
_KEY = re.compile(r"leeward_[\w-]{43}")


def refuse_a_name(installation: Installation, world: World, carl: Browser, adam: Browser) -> dict[str, Any]:
    """Publish a list, fetch it as a subscriber, ask a resolver for its name; return what was seen, raise where something was not."""
    folder = installation.data / "resolver"
    folder.mkdir(exist_ok=True)
    _press(adam, "/desk/publishing/settings", "canary_domains", SETTINGS)
    page = carl.open(f"/desk/publishing/lists/{LIST}").form(action="/publish").submit()
    if not page.shows("serial 1"):
        raise RuntimeError(f"the list was not published: {page.text[:400]}")
    zone = folder / "partner.zone"
    zone.write_bytes(_fetched(installation, _key(adam)))
    origin = f"{LIST}.{SETTINGS['zone_suffix']}"
    upstream = world.names.resolver
    with resolver(folder, zone=zone, origin=origin, upstream=upstream, known=cast.CONTROL) as running:
        if running is None:
            rules = zone.read_text().count(f"{cast.FAR_PICTURES} CNAME .")
            return {"resolver": "none is installed here; the zone that one would load was fetched", "rules": rules}
        return {
            "resolver": running.name,
            "listed": cast.FAR_PICTURES,
            "answer": refusal(running, cast.FAR_PICTURES),
            "test_name": refusal(running, f"blocked-{LIST}.{SETTINGS['test_domain']}"),
            "neighbour": running.ask(cast.CONTROL),
        }


def _press(browser: Browser, path: str, having: str, values: dict[str, str]) -> str:
    page = browser.open(path).form(having=having).fill(values).submit()
    return page.text


def _key(adam: Browser) -> str:
    """Add a subscriber at the desk and read its key from the page that shows it once."""
    page = adam.open("/desk/publishing/subscribers/new")
    labels = page.texts("//input[@name='lists']/following-sibling::label")
    numbers = page.texts("//input[@name='lists']/@value")
    number = next(number for label, number in zip(labels, numbers, strict=True) if label.strip() == SOURCE)
    contract = {"name": "Island Access", "slug": "island-access", "lists": number, "formats": "rpz"}
    shown = page.form(having="slug").fill(contract).submit()
    found = _KEY.search(shown.text)
    if not found:
        raise RuntimeError(f"no key was shown: {shown.text[:400]}")
    return found[0]


def _fetched(installation: Installation, key: str) -> bytes:
    request = urllib.request.Request(
        f"{installation.url}/api/v1/feeds/{LIST}/rpz", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        content: bytes = answer.read()
    return content
