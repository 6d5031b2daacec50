"""Harmless pages full of what could be taken for money: versions, UUIDs, DOIs, ISBNs, telephone numbers, digests."""

import random
import uuid
from collections.abc import Callable

WORDS = (
    "the of and a to in is you that it he was for on are as with his they at be this have from or had by hot word but what some we can out "
    "other were all there when up use your how said an each she release version see book call visa card steam target wave account number till "
    "order pay short code wise discover sol ton phone name target apple amazon river island"
).split()


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _isbn(chance: random.Random) -> str:
    body = f"978{_digits(chance, 9)}"
    last = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10
    return f"ISBN {body[:3]}-{body[3]}-{body[4:8]}-{body[8:]}-{last}" if chance.random() < 0.5 else f"{body}{last}"


def _phone(chance: random.Random) -> str:
    country = chance.choice(("44", "254", "255", "1", "91", "233", "27", "234", "49"))
    rest = _digits(chance, chance.choice((7, 8, 9, 10)))
    return chance.choice((f"+{country} {rest[:3]} {rest[3:]}", f"0{rest}", f"({rest[:3]}) {rest[3:6]}-{rest[6:]}"))


MADE: tuple[Callable[[random.Random], str], ...] = (
    lambda chance: f"v{chance.randint(0, 30)}.{chance.randint(0, 99)}.{chance.randint(0, 9999)}",
    lambda chance: str(uuid.UUID(int=chance.getrandbits(128))),
    lambda chance: uuid.UUID(int=chance.getrandbits(128)).hex,
    lambda chance: f"doi:10.{_digits(chance, 4)}/{chance.choice('abcs')}{_digits(chance, 16)}",
    lambda chance: f"doi.org/10.{_digits(chance, 5)}/{_digits(chance, 16)}",
    _phone,
    _isbn,
    lambda chance: f"{chance.getrandbits(160):040x}",
    lambda chance: f"{chance.getrandbits(256):064x}",
    lambda chance: f"{chance.getrandbits(28):07x}",
    lambda chance: f"Receipt {' '.join(_digits(chance, 4) for _ in range(4))}",
    lambda chance: (
        f"{chance.randint(1990, 2030)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00Z"
    ),
    lambda chance: f"{_digits(chance, 2)}-{_digits(chance, 2)}-{_digits(chance, 2)}",
    lambda chance: f"order no. {_digits(chance, 16)}",
    lambda chance: f"$ {chance.randint(1, 900)}.00",
    lambda chance: "".join(
        chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789", k=chance.randint(22, 44))
    ),
    lambda chance: "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=chance.randint(12, 30))),
)


def page(chance: random.Random, things: int = 40) -> str:
    """A page of words with such things among them."""
    parts = []
    for _ in range(things):
        parts += chance.choices(WORDS, k=chance.randint(1, 6))
        parts.append(chance.choice(MADE)(chance))
        parts.append(chance.choice((".", ",", "\n", "")))
    return " ".join(parts)
