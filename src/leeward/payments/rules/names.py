"""Names under which money is moved, as people write them: data, read by the modules beside it.

Countries and short numbers of mobile money are public knowledge of 2026-11; operators move and numbers are carried from one
to another, so that a number beside a name says where to ask, not who has it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MobileService:
    """Money on a telephone: its forms in small letters, the countries (ISO) where it has numbers, and the words before a
    merchant's short number."""

    name: str
    forms: tuple[str, ...]
    countries: tuple[str, ...]
    merchants: tuple[str, ...] = ()


MOBILE = (
    MobileService("M-Pesa", ("m-pesa", "mpesa", "m pesa"), ("KE", "TZ", "MZ", "LS", "CD", "ET", "EG"),
                  ("paybill", "pay bill", "till", "till number", "buy goods", "lipa namba", "lipa number")),
    MobileService("MTN MoMo", ("mtn momo", "mtn mobile money", "momo pay", "momopay", "momo"),
                  ("GH", "UG", "RW", "CM", "CI", "BJ", "ZM", "CG", "GN", "LR", "SZ", "SS", "GW", "NG", "ZA"),
                  ("merchant code", "momo code", "merchant id")),
    MobileService("Airtel Money", ("airtel money",),
                  ("KE", "UG", "TZ", "RW", "ZM", "MW", "CD", "CG", "GA", "TD", "NE", "MG", "SC", "NG"), ("merchant code", "till")),
    MobileService("Orange Money", ("orange money",),
                  ("CI", "SN", "ML", "BF", "CM", "CD", "GN", "GW", "LR", "MG", "SL", "BW", "CF", "EG", "MA", "TN", "JO"), ("merchant code",)),
    MobileService("Tigo Pesa", ("tigo pesa", "tigopesa", "mixx by yas"), ("TZ",), ("lipa namba", "lipa number")),
    MobileService("HaloPesa", ("halopesa", "halo pesa"), ("TZ",)),
    MobileService("EcoCash", ("ecocash", "eco cash"), ("ZW", "LS", "BI"), ("merchant code", "biller code")),
    MobileService("Telecel Cash", ("telecel cash", "vodafone cash"), ("GH", "FJ"), ("till", "till number")),
    MobileService("Wave", ("wave money", "wave mobile money"), ("SN", "CI", "ML", "BF", "GM", "UG", "SL")),
    MobileService("Moov Money", ("moov money",), ("CI", "BJ", "TG", "BF", "NE", "ML", "TD", "GA", "CF")),
    MobileService("TNM Mpamba", ("mpamba", "tnm mpamba"), ("MW",)),
    MobileService("bKash", ("bkash",), ("BD",)),
    MobileService("Nagad", ("nagad",), ("BD",)),
    MobileService("JazzCash", ("jazzcash", "jazz cash"), ("PK",), ("till id",)),
    MobileService("Easypaisa", ("easypaisa", "easy paisa"), ("PK",), ("till id",)),
    MobileService("GCash", ("gcash", "g-cash"), ("PH",)),
    MobileService("M-PAiSA", ("m-paisa", "mpaisa", "mycash"), ("FJ", "WS", "TO", "VU", "PG")),
)  # fmt: skip

# Words that make sixteen digits beside them a card's number.
CARD_WORDS = (
    "card", "cards", "credit", "debit", "visa", "mastercard", "master card", "amex", "american express", "cvv", "cvc", "carte", "tarjeta",
    "cartão", "kadi", "kad",
)  # fmt: skip
# Cards: their brand, its forms.
CARD_BRANDS = {
    "visa": ("visa",),
    "mastercard": ("mastercard", "master card"),
    "amex": ("amex", "american express"),
    "diners": ("diners club", "diners"),
    "jcb": ("jcb",),
    "unionpay": ("unionpay", "union pay"),
    "maestro": ("maestro",),
    "rupay": ("rupay",),
    "verve": ("verve",),
}
# Words after which a brand is a way to pay.
PAY_WORDS = (
    "pay", "paid", "payment", "payments", "pays", "accept", "accepts", "accepted", "send", "via", "checkout", "billing", "transfer",
    "payer", "paiement", "pagar", "pago", "pagamento", "lipa",
)  # fmt: skip

GIFT_CARDS = {
    "Amazon": ("amazon",),
    "Apple": ("apple", "itunes"),
    "Google Play": ("google play",),
    "Steam": ("steam",),
    "Roblox": ("roblox", "robux"),
    "Xbox": ("xbox",),
    "PlayStation": ("playstation", "psn"),
    "Razer Gold": ("razer gold", "razer"),
    "Netflix": ("netflix",),
    "eBay": ("ebay",),
    "Vanilla": ("vanilla", "onevanilla"),
    "Paysafecard": ("paysafecard", "paysafe"),
    "Neosurf": ("neosurf",),
    "Flexepin": ("flexepin",),
    "Jeton": ("jeton",),
    "Uber": ("uber",),
    "Walmart": ("walmart",),
    "Target": ("target",),
    "Sephora": ("sephora",),
    "1Voucher": ("1voucher", "1forvoucher", "ott voucher"),
}
# Those that are nothing but money on a card: their name is enough beside a word for paying.
ONLY_PREPAID = ("Paysafecard", "Neosurf", "Flexepin", "1Voucher")
GIFT_WORDS = (
    "gift card", "gift cards", "giftcard", "giftcards", "gift code", "gift codes", "e-gift", "egift", "prepaid card", "prepaid cards",
    "top-up card", "carte cadeau", "cartes cadeaux", "tarjeta regalo", "tarjetas de regalo", "cartão presente", "kadi ya zawadi",
)  # fmt: skip

TRANSFERS = {
    "Western Union": ("western union", "mtcn"),
    "MoneyGram": ("moneygram", "money gram"),
    "Ria": ("ria money transfer",),
    "WorldRemit": ("worldremit", "world remit"),
    "Remitly": ("remitly",),
    "Mukuru": ("mukuru",),
}

# Hosts at which a path names who is paid: the kind, the host, what stands before the name.
HANDLE_LINKS = (
    ("paypal", "paypal.me", ""),
    ("paypal", "paypal.com", "paypalme/"),
    ("cashapp", "cash.app", "$"),
    ("venmo", "account.venmo.com", "u/"),
    ("venmo", "venmo.com", "u/"),
    ("venmo", "venmo.com", ""),
    ("revolut", "revolut.me", ""),
    ("wise", "wise.com", "pay/me/"),
    ("skrill", "skrill.me", ""),
)
# Beside which words a handle or an e-mail address is one of a wallet; the mark that its handles begin with.
HANDLE_WORDS = {
    "paypal": (("paypal", "pay pal"), "@"),
    "cashapp": (("cash app", "cashapp"), "$"),
    "venmo": (("venmo",), "@"),
    "revolut": (("revolut", "revtag"), "@"),
    "skrill": (("skrill",), ""),
    "wise": (("wisetag",), "@"),
}
# What stands where a name would, and is none.
NO_HANDLES = frozenset(
    "signin login signup help about legal us uk en home business personal pay send cgi-bin webapps".split()
)

# Firms that take payments for others, by the host of their pages.
PROCESSORS = {
    "buy.stripe.com": "Stripe", "checkout.stripe.com": "Stripe", "donate.stripe.com": "Stripe", "ccbill.com": "CCBill", "epoch.com": "Epoch",
    "segpay.com": "Segpay", "secure2.segpay.com": "Segpay", "verotel.com": "Verotel", "secure.verotel.com": "Verotel",
    "bill.ccbill.com": "CCBill", "api.ccbill.com": "CCBill", "checkout.square.site": "Square", "square.link": "Square", "paystack.com": "Paystack",
    "paystack.shop": "Paystack", "flutterwave.com": "Flutterwave", "checkout.flutterwave.com": "Flutterwave", "rzp.io": "Razorpay",
    "razorpay.me": "Razorpay", "pages.razorpay.com": "Razorpay", "commerce.coinbase.com": "Coinbase Commerce", "nowpayments.io": "NOWPayments",
    "cryptomus.com": "Cryptomus", "pay.cryptomus.com": "Cryptomus", "plisio.net": "Plisio", "payfast.co.za": "PayFast",
    "sellix.io": "Sellix", "sell.app": "Sell.app", "gumroad.com": "Gumroad", "checkout.paddle.com": "Paddle",
}  # fmt: skip
