"""Services of this slice, one function per act."""

from leeward.oncall.services.acknowledging import (
    acknowledge_at_desk,
    acknowledge_by_link,
    acknowledge_by_reply,
    end_for,
    settle_at_desk,
    take_over,
)
from leeward.oncall.services.alarming import post_alarm
from leeward.oncall.services.calling import advance, call_again, call_anew, call_for_report, call_untold, send_test
from leeward.oncall.services.partners import agree_to_help, set_police_number, take_confirmed_partner, want_partner
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
from leeward.oncall.services.rotating import (
    add_override,
    add_rotation,
    change_people,
    make_calendar,
    remove_override,
    remove_rotation,
    revoke_calendar,
    share_rota,
    write_hand_over,
)
from leeward.oncall.services.sending import send

__all__ = [
    "acknowledge_at_desk",
    "acknowledge_by_link",
    "acknowledge_by_reply",
    "add_override",
    "add_rotation",
    "advance",
    "agree_to_help",
    "call_again",
    "call_anew",
    "call_for_report",
    "call_untold",
    "change_people",
    "change_waits",
    "end_for",
    "forget_person",
    "make_calendar",
    "post_alarm",
    "put_on_call",
    "remove_override",
    "remove_rotation",
    "remove_webhook",
    "revoke_calendar",
    "send",
    "send_test",
    "set_police_number",
    "set_webhook",
    "settle_at_desk",
    "share_rota",
    "switch",
    "take_confirmed_partner",
    "take_confirmed_webhook",
    "take_off_call",
    "take_over",
    "want_partner",
    "write_hand_over",
]
