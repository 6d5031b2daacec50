"""One made-up case: its location, its state and when everything happened. The same number always gives the same case. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from leeward.casework.rules.blindness import SECOND

HOSTS = 4_000
_PLACES = (("", 22), ("US", 30), ("NL", 18), ("CA", 8), ("GB", 6), ("DE", 6), ("FR", 5), ("RU", 3), ("SG", 2))
# How finished cases ended: outcome, ICCAM's reason, weight.
_ENDS = (
    ("illegal", None, 42),
    ("not_illegal", 14, 21),
    ("not_illegal", 16, 8),
    ("not_found", 9, 18),
    ("insufficient", 4, 6),
    ("out_of_scope", 1, 5),
)
_AGES = ("3-6", "7-10", "11-13", "14-15")
_LEVELS = ("uk_a", "uk_b", "uk_c")
_WORDS = ("harbour", "lagoon", "reef", "palm", "trade", "anchor", "shell", "coral", "drift", "tide")


@dataclass(frozen=True, slots=True)
class Invented:
    """A made-up case and its times; None for what has not happened."""

    serial: int
    host: str
    path: str
    ip: str
    country: str
    is_home: bool
    state: str
    outcome: str
    reason: int | None
    reports: int
    urgent: bool
    facts: dict[str, str]
    received_at: datetime
    assessed_at: datetime | None = None
    decided_at: datetime | None = None
    police_at: datetime | None = None
    host_at: datetime | None = None
    removed_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}{self.path}"

    @property
    def has_gone_out(self) -> bool:
        """Whether anybody outside the hotline was told."""
        return self.police_at is not None


def invent(serial: int, *, age: int, count: int, received_at: datetime, home: str) -> Invented:
    """Make the case number `serial`; `age` counts from the newest, whose state is the earliest."""
    chance = Random(serial)
    state, outcome, reason = _stage(age, count, chance)
    country = chance.choices([code or home for code, _ in _PLACES], [weight for _, weight in _PLACES])[0]
    number = chance.randrange(HOSTS)
    host = f"{chance.choice(_WORDS)}.site-{number}.example"
    times = _times(state, outcome, received_at, chance, is_home=country == home)
    return Invented(
        serial=serial,
        host=host,
        path=f"/a/{serial}",
        ip=f"198.51.{number // 250}.{number % 250}",
        country=country,
        is_home=country == home,
        state=state,
        outcome=outcome,
        reason=reason,
        reports=1 if chance.random() < 0.85 else 2,
        urgent=chance.random() < 0.002,
        facts={
            "medium": "photograph" if chance.random() < 0.8 else "video",
            "age_band": chance.choice(_AGES),
            "act": chance.choice(_LEVELS),
            "real_person": "yes",
        },
        received_at=received_at,
        **times,
    )


def _stage(age: int, count: int, chance: Random) -> tuple[str, str, int | None]:
    """State, outcome and reason: the newest wait, some are on their way, the rest is done."""
    for state, share, least in (
        ("triaged", 0.003, 12),
        (SECOND, 0.0002, 2),
        ("decided", 0.0002, 2),
        ("acting", 0.005, 3),
        ("monitoring", 0.04, 8),
        ("removed", 0.0002, 1),
    ):
        size = max(int(count * share), least)
        if age <= size:
            return state, "illegal" if state not in ("triaged", SECOND) else "", None
        age -= size
    outcome, reason, _ = chance.choices(_ENDS, [weight for *_, weight in _ENDS])[0]
    return "closed", outcome, reason


def _times(state: str, outcome: str, start: datetime, chance: Random, *, is_home: bool) -> dict[str, datetime]:
    def after(at: datetime, hours: float) -> datetime:
        return at + timedelta(hours=chance.expovariate(1 / hours))

    times: dict[str, datetime] = {}
    if state == "triaged":
        return times
    times["assessed_at"] = after(start, 8)
    if state == SECOND:
        return times
    if outcome != "illegal":
        times["closed_at"] = times["assessed_at"]
        return times
    times["decided_at"] = times["assessed_at"]
    if state == "decided":
        return times
    times["police_at"] = after(times["decided_at"], 0.2)
    if is_home and state != "acting":
        times["host_at"] = after(times["police_at"], 12)
    if state in ("removed", "closed"):
        times["removed_at"] = after(times.get("host_at", times["police_at"]), 40)
    if state == "closed":
        times["closed_at"] = times["removed_at"]
    return times
