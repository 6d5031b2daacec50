"""Wallets of cryptocurrencies, each told by its own check digits."""

from collections.abc import Callable
from dataclasses import dataclass

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.encodings import base58, base58check, bech32, cryptonote, has_good_case, segwit, ton

# First byte of a base58check address: kind.
_VERSIONS = {0: "btc", 5: "btc", 48: "ltc", 50: "ltc", 30: "doge", 22: "doge", 65: "tron", 76: "dash"}
_HUMAN = {"bc": "btc", "ltc": "ltc"}
# First byte of Monero's main network: an address, one with a payment's number, a further address.
_MONERO = (18, 19, 42)
_TON_FLAGS = (0x11, 0x51)
_WORKCHAINS = (0x00, 0xFF)
_SCHEMES = {
    "bitcoin": "btc", "litecoin": "ltc", "ethereum": "eth", "dogecoin": "doge", "tron": "tron", "dash": "dash", "monero": "xmr",
    "solana": "sol", "ton": "ton", "lightning": "lightning",
}  # fmt: skip
_URI = Pattern(rf"^({'|'.join(_SCHEMES)}):(?://transfer/)?([0-9a-zA-Z_-]{{26,}})(?:[@?].*)?$", ignore_case=True)
_BASE58_WORD = Pattern(r"^[1-9A-HJ-NP-Za-km-z]{26,35}$")
_SEGWIT_WORD = Pattern(r"^(?:bc|ltc)1[02-9ac-hj-np-z]{11,87}$", ignore_case=True)
_ETHEREUM_WORD = Pattern(r"^0x[0-9a-fA-F]{40}$")
_MONERO_WORD = Pattern(r"^[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?$")
_SOLANA_WORD = Pattern(r"^[1-9A-HJ-NP-Za-km-z]{32,44}$")
_TON_WORD = Pattern(r"^(?:EQ|UQ|Ef|Uf)[0-9A-Za-z_/+-]{46}$")
_INVOICE = Pattern(r"^lnbc(?:\d{1,18}[munp]?)?1[02-9ac-hj-np-z]{100,}$", ignore_case=True)
_BYTES_OF_KEY = 32
LEAST_OF_WORD, MOST_OF_WORD = 26, 1500


@dataclass(frozen=True, slots=True)
class Coin:
    """A word that has the shape of a wallet. `kind`: `btc eth xmr ltc tron sol ton lightning doge dash`; `value`: its
    canonical form; `valid`: its check digits are right; `weak`: it has none that could be wrong.
    """

    kind: str
    value: str
    valid: bool = True
    weak: bool = False


def coin(word: str) -> Coin | None:
    """Return the wallet that a word looks like, of right or wrong check digits; None if it looks like none.

    A wallet of Solana has no check digits at all: it counts only with its scheme (`solana:…`); `solana` is for words
    beside which something says what they are.
    """
    if not LEAST_OF_WORD <= len(word) <= MOST_OF_WORD:
        return None
    if uri := _URI.match(word):
        kind = _SCHEMES[uri[1].lower()]
        found = solana(uri[2]) if kind == "sol" else coin(uri[2])
        return found if found and found.kind == kind else None
    read = next((read for shape, read in _SHAPES if shape.match(word)), None)
    return read(word) if read else None


def solana(word: str) -> Coin | None:
    """Return a word as a wallet of Solana if it stands for a key's 32 bytes: weak, for nothing in it can be wrong."""
    return Coin("sol", word, weak=True) if _SOLANA_WORD.match(word) and len(base58(word)) == _BYTES_OF_KEY else None


def _ethereum(word: str) -> Coin:
    digits = word[2:]
    if digits in (digits.lower(), digits.upper()):
        return Coin("eth", word.lower(), weak=True)
    return Coin("eth", word, has_good_case(digits))


def _segwit(word: str) -> Coin:
    human = word.partition("1")[0].lower()
    return Coin(_HUMAN[human], word.lower(), segwit(word) == human)


def _monero(word: str) -> Coin:
    raw = cryptonote(word)
    return Coin("xmr", word, raw is not None and raw[0] in _MONERO)


def _invoice(word: str) -> Coin:
    return Coin("lightning", word.lower(), bech32(word) is not None)


def _ton(word: str) -> Coin:
    raw = ton(word)
    return Coin("ton", word, raw is not None and raw[0] in _TON_FLAGS and raw[1] in _WORKCHAINS)


def _of_base58(word: str) -> Coin | None:
    raw = base58check(word)
    if raw is not None:
        kind = _VERSIONS.get(raw[0]) if len(raw) == 21 else None
        return Coin(kind, word) if kind else None
    kind = _VERSIONS.get(base58(word)[0]) if len(base58(word)) == 25 else None
    return Coin(kind, word, valid=False) if kind and _looks_made(word) else None


def _looks_made(word: str) -> bool:
    """Return whether a word with wrong check digits is one letter away from a wallet rather than some other code."""
    return (
        any(letter.isdigit() for letter in word[1:])
        and any(letter.isupper() for letter in word[1:])
        and any(letter.islower() for letter in word)
    )


_SHAPES: tuple[tuple[Pattern[str], Callable[[str], Coin | None]], ...] = (
    (_ETHEREUM_WORD, _ethereum),
    (_SEGWIT_WORD, _segwit),
    (_MONERO_WORD, _monero),
    (_INVOICE, _invoice),
    (_TON_WORD, _ton),
    (_BASE58_WORD, _of_base58),
)
