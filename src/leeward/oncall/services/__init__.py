"""Services of this slice, one function per act."""

from leeward.oncall.services.acknowledging import acknowledge_at_desk, acknowledge_by_link, end_for, take_over
from leeward.oncall.services.calling import advance, call_again, call_anew, call_for_report, call_untold, send_test
from leeward.oncall.services.rota import (
    change_waits,
    forget_person,
    put_on_call,
    remove_webhook,
    set_webhook,
    switch,
    take_confirmed_webhook,
    take_off_call,
)
from leeward.oncall.services.sending import send

__all__ = [
    "acknowledge_at_desk",
    "acknowledge_by_link",
    "advance",
    "call_again",
    "call_anew",
    "call_for_report",
    "call_untold",
    "change_waits",
    "end_for",
    "forget_person",
    "put_on_call",
    "remove_webhook",
    "send",
    "send_test",
    "set_webhook",
    "switch",
    "take_confirmed_webhook",
    "take_off_call",
    "take_over",
]
