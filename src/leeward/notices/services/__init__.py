"""Every write of this slice, one verb each."""

from leeward.notices.channels.smtp import MailServer
from leeward.notices.rules.known import KnownContact
from leeward.notices.rules.sent_log import ReadLog
from leeward.notices.services.after_restoring import leave_unsure
from leeward.notices.services.alerts import AlertLine, alert
from leeward.notices.services.answers import Given, answer_notice
from leeward.notices.services.at_risk import forget_old_statements, give_up_answer
from leeward.notices.services.by_hand import confirm_entered
from leeward.notices.services.channels import remove_channel, set_channel
from leeward.notices.services.confirming import confirm_contact, send_test_letter, take_known
from leeward.notices.services.contacts import (
    ContactDetails,
    add_contact,
    change_contact,
    clear_bounce,
    import_contacts,
    note_export,
    note_league_export,
)
from leeward.notices.services.delivery import call_arrived, deliver
from leeward.notices.services.forgetting import forget_quoted, forget_reporter_texts
from leeward.notices.services.giving_up import drop
from leeward.notices.services.keys import remove_key, set_key
from leeward.notices.services.ladder import advance
from leeward.notices.services.letters import Letter, Posted, mail_trouble, post
from leeward.notices.services.log_heads import send_log_heads
from leeward.notices.services.mail import (
    forget_documents,
    let_mail_be_new,
    mark_read,
    read_again_since,
    set_aside,
    take_in,
    unread_mails,
)
from leeward.notices.services.measuring import measure_claims, measure_in_time
from leeward.notices.services.name_acts import act_on_name, note_overdue
from leeward.notices.services.notice_cases import (
    Acted,
    act_on,
    end_if_settled,
    forward_to_police,
    stop_for_location,
    tell_child_protection,
    try_again,
    withdraw,
)
from leeward.notices.services.outbox import DELIVER, retry
from leeward.notices.services.overviews import answer_overview, change_page
from leeward.notices.services.payments import alert_payment_firm, answer_payment_alert, note_silence
from leeward.notices.services.police_first import (
    GOES_ON,
    date_letters_before,
    follow_holds,
    hold_back,
    let_go_on,
    wait_for_police,
)
from leeward.notices.services.posting import post_signed
from leeward.notices.services.redirecting import keep_contact, write_instead
from leeward.notices.services.referrals import answer_referral, let_time_pass
from leeward.notices.services.replying import stand_by, withdraw_after_review
from leeward.notices.services.sent_since import forget_sent_since, read_mail_log, read_sent_folder
from leeward.notices.services.staff import tell_person, tell_staff
from leeward.notices.services.two_people import take_confirmed_contact
from leeward.notices.services.untold import enter_police_informed, tell_police_again
from leeward.notices.services.webhooks import (
    Tried,
    remove_webhook,
    renew_webhook,
    replace_secrets_of,
    set_webhook,
    try_webhook,
)
from leeward.notices.services.wordings import restore_wording, save_wording, ship_again, take_confirmed_text

__all__ = [
    "DELIVER",
    "GOES_ON",
    "Acted",
    "AlertLine",
    "ContactDetails",
    "Given",
    "KnownContact",
    "Letter",
    "MailServer",
    "Posted",
    "ReadLog",
    "Tried",
    "act_on",
    "act_on_name",
    "add_contact",
    "advance",
    "alert",
    "alert_payment_firm",
    "answer_notice",
    "answer_overview",
    "answer_payment_alert",
    "answer_referral",
    "call_arrived",
    "change_contact",
    "change_page",
    "clear_bounce",
    "confirm_contact",
    "confirm_entered",
    "date_letters_before",
    "deliver",
    "drop",
    "end_if_settled",
    "enter_police_informed",
    "follow_holds",
    "forget_documents",
    "forget_old_statements",
    "forget_quoted",
    "forget_reporter_texts",
    "forget_sent_since",
    "forward_to_police",
    "give_up_answer",
    "hold_back",
    "import_contacts",
    "keep_contact",
    "leave_unsure",
    "let_go_on",
    "let_mail_be_new",
    "let_time_pass",
    "mail_trouble",
    "mark_read",
    "measure_claims",
    "measure_in_time",
    "note_export",
    "note_league_export",
    "note_overdue",
    "note_silence",
    "post",
    "post_signed",
    "read_again_since",
    "read_mail_log",
    "read_sent_folder",
    "remove_channel",
    "remove_key",
    "remove_webhook",
    "renew_webhook",
    "replace_secrets_of",
    "restore_wording",
    "retry",
    "save_wording",
    "send_log_heads",
    "send_test_letter",
    "set_aside",
    "set_channel",
    "set_key",
    "set_webhook",
    "ship_again",
    "stand_by",
    "stop_for_location",
    "take_confirmed_contact",
    "take_confirmed_text",
    "take_in",
    "take_known",
    "tell_child_protection",
    "tell_person",
    "tell_police_again",
    "tell_staff",
    "try_again",
    "try_webhook",
    "unread_mails",
    "wait_for_police",
    "withdraw",
    "withdraw_after_review",
    "write_instead",
]
