"""Hostile texts of any length: what makes a careless pattern try again and again."""

from tests.contracts.growth import Shape

_LETTERS = " \t\n.,;:/|\\@=&?#%-_+*'\"<>()[]{}aé0\u200b\u00ad"
_WORDS = (
    *(
        "a ",
        "a\n",
        "a,",
        "a.",
        "a/",
        "a@",
        "/../",
        "( ",
        "[.] ",
        "<a ",
        "</a>",
        "%25",
        "\\.",
        '"a"',
        "a=",
        "a;q=0,",
        "0-",
    ),
    *("a" * 63 + ".", "\r\n", "\ufeff"),
)


def repeated(part: str, *, before: str = "", after: str = "") -> Shape:
    """A part again and again, between a beginning and an end."""
    return lambda size: f"{before}{part * (size // len(part))}{after}"


def in_bytes(shape: Shape) -> Shape:
    """The same as bytes."""
    return lambda size: shape(size).encode("utf-8", "surrogatepass")


def hostile(before: str = "", after: str = "") -> dict[str, Shape]:
    """Each letter and each short word that has made a pattern slow, repeated between a beginning and an end."""
    parts = (*_LETTERS, *_WORDS)
    return {f"{before}{part!r}*{after}": repeated(part, before=before, after=after) for part in parts}


TEXT = hostile("a", "x")
