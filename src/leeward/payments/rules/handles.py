"""Who is paid by name: handles at wallets, pages of firms that take payments, gift cards, transfers of cash."""

from collections.abc import Iterator

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.names import (
    GIFT_CARDS,
    GIFT_WORDS,
    HANDLE_LINKS,
    HANDLE_WORDS,
    NO_HANDLES,
    ONLY_PREPAID,
    PAY_WORDS,
    PROCESSORS,
    TRANSFERS,
)
from leeward.payments.rules.traces import Trace
from leeward.payments.rules.words import Names, line_around, one_of

_LINK = Pattern(r"((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10})(?:/([^ \t\r\n<>\"'?#]*))?", ignore_case=True)
_HANDLE_PATH = Pattern(r"^[A-Za-z0-9_.-]{1,64}$")
_SERVICES = Names({kind: forms for kind, (forms, _) in HANDLE_WORDS.items()})
_BESIDE = Pattern(
    r"^(?:[ \t]{1,2}(?:me|is|at|to|on|id|tag|handle|name|account|user|username))*[ \t:=(,-]{1,4}"
    r"([@$]?[A-Za-z0-9][A-Za-z0-9_.+-]*(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?)",
    ignore_case=True,
)
# A handle with its mark before the wallet's name: “$kite on Cash App”, “@kite (PayPal)”.
_AHEAD = Pattern(
    r"(?:^|[\s(,;:])([@$][A-Za-z0-9][A-Za-z0-9_.-]{0,60})[ \t]{1,2}(?:on[ \t]|via[ \t]|in[ \t]|my[ \t]|\([ \t]?)$",
    ignore_case=True,
)
_MOST_OF_HANDLE = 100
_GIFTS = Names(GIFT_CARDS)
_GIFT_WORDS = one_of(GIFT_WORDS)
_TRANSFERS = Names(TRANSFERS)
_PAY = one_of(PAY_WORDS)
_REACH, _CLOSE, _NEAR, _BEFORE = 120, 16, 60, 80


def find_links(text: str) -> Iterator[Trace]:
    """Yield the wallets and firms that links in the text name."""
    for found in _LINK.finditer(text):
        host = found[1].lower().removeprefix("www.")
        path = (found[2] or "").strip("/.,;:)")
        if trace := _handle(host, path, found.start()):
            yield trace
        elif firm := PROCESSORS.get(host):
            page = path.split("/")[0]
            yield Trace("processor", f"{host}/{page}" if page else host, brand=firm, start=found.start())


def find_handles(text: str) -> Iterator[Trace]:
    """Yield handles and e-mail addresses right after the name of a wallet, and handles with their mark right before it."""
    for kind, start, end in _SERVICES.find(text):
        left, _ = line_around(text, start, end, before=_BEFORE, after=0)
        if (ahead := _AHEAD.search(text[left:start])) and (value := _handle_of(ahead[1], HANDLE_WORDS[kind][1])):
            yield Trace(kind, value, weak=True, start=left + ahead.start(1))
        _, right = line_around(text, start, end, before=0, after=_REACH)
        if (found := _BESIDE.match(text[end:right])) and (value := _handle_of(found[1], HANDLE_WORDS[kind][1])):
            yield Trace(kind, value, weak=True, start=end + found.start(1))


def find_named(text: str) -> Iterator[Trace]:
    """Yield gift cards and transfers of cash that are named as a way to pay. A gift card's code is money, so that it is not kept."""
    for brand, start, end in _GIFTS.find(text):
        is_gift = _GIFT_WORDS.stand_near(text, start, end, before=_CLOSE, after=_CLOSE)
        if (is_gift or brand in ONLY_PREPAID) and _PAY.stand_near(text, start, end, before=_NEAR, after=_NEAR):
            yield Trace("gift_card", brand, weak=True, brand=brand, start=start)
    for brand, start, end in _TRANSFERS.find(text):
        if _PAY.stand_near(text, start, end, before=_NEAR, after=_NEAR):
            yield Trace("transfer", brand, weak=True, brand=brand, start=start)


def _handle(host: str, path: str, start: int) -> Trace | None:
    for kind, where, before in HANDLE_LINKS:
        if host == where and path.lower().startswith(before):
            name = path[len(before) :].split("/", maxsplit=1)[0]
            if name and _HANDLE_PATH.match(name) and name.lower() not in NO_HANDLES:
                mark = HANDLE_WORDS[kind][1]
                return Trace(kind, f"{mark}{name.lower()}", start=start)
    return None


def _handle_of(typed: str, mark: str) -> str:
    """Return what stands beside a wallet's name in small letters if it is an e-mail address or has the mark of the wallet's
    handles, else "".
    """
    value = typed.rstrip(".-+").lower()
    is_handle = bool(mark) and value.startswith(mark) and "@" not in value[1:]
    return value if (is_handle or "@" in value[1:]) and len(value) <= _MOST_OF_HANDLE else ""
