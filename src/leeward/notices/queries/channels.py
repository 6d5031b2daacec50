"""What a contact's page shows about channels."""

from dataclasses import dataclass

from leeward.foundation.lazy_text import LazyText
from leeward.notices.channels import registry
from leeward.notices.models import Contact

GENERAL = "notices/includes/channel.html"


@dataclass(frozen=True, slots=True)
class Field:
    """A question and its answer."""

    name: str
    label: LazyText
    help: LazyText
    value: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A channel's part of the page; `is_in_use` if notices use it."""

    name: str
    label: str
    template: str
    is_in_use: bool
    fields: tuple[Field, ...]
    problem: str = ""


def channel_panels(contact_id: int, *, typed: dict[str, str] | None = None, problem: str = "") -> list[Panel]:
    """Return the panels of the channels that the contact could choose, or of the one that its notices use. Invalid
    input for one of them (`typed`, with its name as `channel`) is shown again with its errors."""
    contact = Contact.objects.get(pk=contact_id)
    found = []
    for name, channel in registry.channels().items():
        is_in_use = contact.channel == name
        has_panel = bool(channel.panel or channel.asks) and registry.can_have(contact.kind, channel)
        is_barred = bool(channel.asks) and channel.form == "json" and bool(contact.certificate)
        if not has_panel or is_barred or (contact.channel and not is_in_use):
            continue
        is_typed = typed is not None and typed.get("channel") == name
        values = typed if typed is not None and is_typed else contact.channel_answers if is_in_use else {}
        fields = tuple(Field(ask.name, ask.label, ask.help, values.get(ask.name, "")) for ask in channel.asks)
        template = channel.panel or GENERAL
        found.append(Panel(name, str(channel.label), template, is_in_use, fields, problem if is_typed else ""))
    return found
