"""All writes to hotlines, portals and accounts: each function is one transaction with one row in the log."""

from leeward.people.services.accounts import (
    add_account,
    change_account,
    change_account_as_read,
    change_own_account,
    close_account,
    give_first_password,
    mark_of_account,
    reopen_account,
    set_leave,
)
from leeward.people.services.checking import authorize, staff_id
from leeward.people.services.factors import ask_second_factor_reset, settle_second_factor_reset
from leeward.people.services.helplines import confirm_emergency_number, remove_helpline, save_helpline
from leeward.people.services.hotlines import (
    change_calendar,
    change_hotline,
    change_portal,
    close_to_reports,
    open_hotline,
    open_portal,
    open_to_reports,
)
from leeward.people.services.invitations import accept_invitation, invite, renew_invitation, withdraw_invitation
from leeward.people.services.passwords import change_own_password
from leeward.people.services.police_words import say_of_police
from leeward.people.services.portal_changes import (
    ask_change,
    before_confirming,
    hotline_takes_two,
    installation_takes_two,
    note_change,
    proof_of_arrival,
    settle_change,
    takes_two,
)
from leeward.people.services.put_back import as_handed_over, end_again
from leeward.people.services.recordings import keep_recording, remove_recording, show_recording
from leeward.people.services.reviews import end_review, invite_reviewer, withdraw_review
from leeward.people.services.roles import (
    confirm_account,
    demand_read,
    demand_second,
    second_person_words,
    unconfirmed_of,
)

__all__ = [
    "accept_invitation",
    "add_account",
    "as_handed_over",
    "ask_change",
    "ask_second_factor_reset",
    "authorize",
    "before_confirming",
    "change_account",
    "change_account_as_read",
    "change_calendar",
    "change_hotline",
    "change_own_account",
    "change_own_password",
    "change_portal",
    "close_account",
    "close_to_reports",
    "confirm_account",
    "confirm_emergency_number",
    "demand_read",
    "demand_second",
    "end_again",
    "end_review",
    "give_first_password",
    "hotline_takes_two",
    "installation_takes_two",
    "invite",
    "invite_reviewer",
    "keep_recording",
    "mark_of_account",
    "note_change",
    "open_hotline",
    "open_portal",
    "open_to_reports",
    "proof_of_arrival",
    "remove_helpline",
    "remove_recording",
    "renew_invitation",
    "reopen_account",
    "save_helpline",
    "say_of_police",
    "second_person_words",
    "set_leave",
    "settle_change",
    "settle_second_factor_reset",
    "show_recording",
    "staff_id",
    "takes_two",
    "unconfirmed_of",
    "withdraw_invitation",
    "withdraw_review",
]
