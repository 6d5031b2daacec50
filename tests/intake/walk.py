"""Walking through pages as somebody without a browser's cleverness does: read the form, fill it, press a button."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from lxml import html


@dataclass
class Walk:
    """A visitor with the page in front of them."""

    client: Client = field(default_factory=Client)
    response: Any = None

    def open(self, path: str) -> "Walk":
        self.response = self.client.get(path, follow=True)
        return self

    @property
    def page(self) -> html.HtmlElement:
        return html.fromstring(self.response.content.decode())

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def form(self, form_id: str = "", act: str = "") -> html.HtmlElement:
        for form in self.page.forms:
            acts = [value for name, value in form.form_values() if name == "act"]
            if (form_id and form.get("id") == form_id) or (act and act in acts):
                return form
        raise AssertionError(f"no form {form_id or act} on the page: {self.text[:400]}")

    def fields(self, form_id: str = "", act: str = "") -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.form(form_id, act).form_values()]

    def send(self, form_id: str = "", *, act: str = "", press: str = "", to: str = "", **filled: str) -> "Walk":
        """Send a form with these fields filled; `press` is the button as `name=value`."""
        form = self.form(form_id, act)
        pairs: dict[str, list[str]] = {}
        for name, value in form.form_values():
            pairs.setdefault(name, []).append(value)
        pairs |= {name: [value] for name, value in filled.items()}
        if press:
            name, _, value = press.partition("=")
            pairs[name] = [value]
        path = to or form.get("action") or self.response.request["PATH_INFO"]
        self.response = self.client.post(path, pairs, follow=True)
        return self

    @property
    def receipt(self) -> str:
        return "".join(self.page.xpath("//p[@class='words']/span/text()"))


def report(walk: Walk, *, portal: str = "/jm", kind: str = "page", where: str = "", **more: str) -> str:
    """Fill in the form, send it, and send it again if we ask something first; return the receipt."""
    walk.open(f"{portal}/report").send("report", press="go=send", kind=kind, where=where, **more)
    if walk.page.xpath("//input[@name='service']"):
        walk.send("report", press="go=send")
    assert len(walk.receipt) == 16, walk.text[:500]
    return walk.receipt
