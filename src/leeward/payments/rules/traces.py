"""What one trace of money is."""

from dataclasses import dataclass

# Every kind, and the family that it belongs to.
FAMILIES = {
    "btc": "coin", "eth": "coin", "xmr": "coin", "ltc": "coin", "tron": "coin", "sol": "coin", "ton": "coin", "doge": "coin",
    "dash": "coin", "lightning": "coin",
    "iban": "bank", "sort_code": "bank", "upi": "bank",
    "card": "card", "card_brand": "card",
    "paypal": "handle", "cashapp": "handle", "venmo": "handle", "revolut": "handle", "wise": "handle", "skrill": "handle",
    "mobile_money": "mobile",
    "gift_card": "gift",
    "transfer": "transfer",
    "processor": "processor",
}  # fmt: skip
# Kinds that name a brand and nobody who is paid: many are paid by the same.
NAMES_NOBODY = ("card_brand", "gift_card", "transfer")
# The names of those that have one; names of firms and coins are the same in every language.
NAMES = {
    "btc": "Bitcoin", "eth": "Ethereum", "xmr": "Monero", "ltc": "Litecoin", "tron": "Tron", "sol": "Solana", "ton": "TON", "doge": "Dogecoin",
    "dash": "Dash", "lightning": "Lightning", "iban": "IBAN", "upi": "UPI", "paypal": "PayPal", "cashapp": "Cash App", "venmo": "Venmo",
    "revolut": "Revolut", "wise": "Wise", "skrill": "Skrill",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing in a text that says where money goes.

    `kind` is one of `FAMILIES`, `value` its canonical form (of a card: its brand and last four digits, never more; of a
    gift card: its brand). `valid`: its check digits, if it has any, are right. `weak`: nothing in it proves that it is one, only
    what stands beside it. `brand`: who runs it, "" if the kind says that. `start`: where it stands. `amount`, `currency`:
    what is asked for beside it. `descriptor`: the name that a payer sees.
    """

    kind: str
    value: str
    valid: bool = True
    weak: bool = False
    brand: str = ""
    start: int = 0
    amount: str = ""
    currency: str = ""
    descriptor: str = ""
