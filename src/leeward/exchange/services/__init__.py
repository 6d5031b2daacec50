"""Services of the exchange between hotlines. All but those that a link or a signature leads to work in the hotline's scope."""

from leeward.exchange.services.accepting import KNOWN_AN_HOUR, URGENT_AN_HOUR, accept
from leeward.exchange.services.confirming import confirm_words, stop_peer, take_confirmed_peer
from leeward.exchange.services.delivering import begin_trying_anew, deliver, keep_back, move_waits, retry
from leeward.exchange.services.forgetting import forget_old_words
from leeward.exchange.services.importing import import_items
from leeward.exchange.services.inviting import (
    INVITATION_GOOD_FOR,
    accept_invitation,
    answer_invitation,
    invite,
    withdraw_invitation,
)
from leeward.exchange.services.own_keys import announce_key, choose_competences, rotate_key, take_new_key
from leeward.exchange.services.receiving import take_messages
from leeward.exchange.services.restored import take_restored, tell_peers_of_restoring, tell_restored
from leeward.exchange.services.saying import report_item, say, say_done, say_undone, say_withdrawn, unsay

__all__ = [
    "INVITATION_GOOD_FOR",
    "KNOWN_AN_HOUR",
    "URGENT_AN_HOUR",
    "accept",
    "accept_invitation",
    "announce_key",
    "answer_invitation",
    "begin_trying_anew",
    "choose_competences",
    "confirm_words",
    "deliver",
    "forget_old_words",
    "import_items",
    "invite",
    "keep_back",
    "move_waits",
    "report_item",
    "retry",
    "rotate_key",
    "say",
    "say_done",
    "say_undone",
    "say_withdrawn",
    "stop_peer",
    "take_confirmed_peer",
    "take_messages",
    "take_new_key",
    "take_restored",
    "tell_peers_of_restoring",
    "tell_restored",
    "unsay",
    "withdraw_invitation",
]
