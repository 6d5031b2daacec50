"""What people read: the kinds of payment."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.payments.rules.traces import NAMES

_WORDS: dict[str, Promise] = {
    "sort_code": _("Bank account"),
    "card": _("Card"),
    "card_brand": _("Cards"),
    "mobile_money": _("Mobile money"),
    "gift_card": _("Gift card"),
    "transfer": _("Cash transfer"),
    "processor": _("Payment firm"),
}


def kind_word(kind: str) -> Promise | str:
    """Return the name of a kind of payment."""
    return _WORDS.get(kind) or NAMES[kind]
