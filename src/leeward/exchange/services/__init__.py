"""Services of the exchange between hotlines. All but those that a link or a signature leads to work in the hotline's scope."""

from leeward.exchange.services.confirming import confirm_words, stop_peer, take_confirmed_peer
from leeward.exchange.services.inviting import (
    INVITATION_GOOD_FOR,
    accept_invitation,
    answer_invitation,
    invite,
    withdraw_invitation,
)
from leeward.exchange.services.own_keys import announce_key, choose_competences, rotate_key, take_new_key

__all__ = [
    "INVITATION_GOOD_FOR",
    "accept_invitation",
    "announce_key",
    "answer_invitation",
    "choose_competences",
    "confirm_words",
    "invite",
    "rotate_key",
    "stop_peer",
    "take_confirmed_peer",
    "take_new_key",
    "withdraw_invitation",
]
