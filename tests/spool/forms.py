"""A form that stays open in a tab, whatever becomes of the face behind it."""

from dataclasses import dataclass, field

from tests.intake.walk import Walk

PLACE, WORDS = "http://a.example/x", "I found a bad page."


@dataclass
class Form:
    """A form that stays open in a tab, whatever becomes of its portal."""

    walk: Walk = field(default_factory=lambda: Walk().open("/jm/report"))
    values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values |= dict(self.walk.fields("report")) | {"kind": "page", "where": PLACE, "text": WORDS, "go": "send"}

    def send(self, **more: str) -> str:
        """Return the receipt that its page shows."""
        self.walk.response = self.walk.client.post("/jm/report", self.values | more, follow=True)
        return self.walk.receipt

    def sent(self, **more: str) -> str:
        """Return what its page says."""
        self.walk.response = self.walk.client.post("/jm/report", self.values | more, follow=True)
        return self.walk.text
