"""Letters to our own staff: the subject in a sentence, and the letter around it. It names no person except the
administrator who gave its reader a first password."""

from dataclasses import replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from leeward.notices.models import StaffNote
from leeward.notices.rules.plain_text import one_line
from leeward.notices.writing.log_head import head_of
from leeward.notices.writing.texts import Mail, head_file, language_for
from leeward.people import queries as people_queries

LOG_HEAD = "log_head"
WHATS: dict[str, Promise] = {
    "never_fetched": _("A subscriber has never fetched its blocking list."),
    "stale": _("A subscriber has an outdated blocking list."),
    "test_failed": _("A subscriber does not block the test name."),
    "test_overdue": _("A subscriber has not answered the quarterly test."),
    "appeal_stranded": _("An appeal against a block waits for an administrator: every supervisor had a part in it."),
    "appeal_unanswerable": _(
        "Nobody can answer an appeal against a block: everybody who could had a part in it or is away. Invite a third person."
    ),
    "provider_letter": _(
        "A letter to a provider about what it preserves may have arrived, or not. On the provider’s page you can write again."
    ),
    "review_unanswerable": _(
        "Nobody can answer a request for review of a case: every supervisor had a part in it or is away. Invite one more."
    ),
    "review_waits": _(
        "A request for review of an address without a case is waiting for its answer, and its time is "
        "nearly or already over."
    ),
    "publication_stopped": _("A release check stopped the publication of a blocking list."),
    "publication_overdue": _("A blocking list was not published for more than a day."),
    "hashes_key_ended": _("The key with which a subscriber fetches a list of hashes has expired."),
    "hashes_failing": _("A subscriber’s fetches of a list of hashes fail."),
    "hashes_stale": _("A subscriber has an outdated list of hashes."),
    "source_failing": _("Known images could not be pulled from a source for a day."),
    "source_held": _("A source of known images would withdraw most of what it says: a person has to confirm that."),
    "hashes_never_fetched": _("A subscriber has never fetched its list of hashes."),
    "outside_review": _(
        "Another hotline asks you to be the second person for one thing. The link works for you alone."
    ),
    "portal_offered": _(
        "Another hotline here offers you one of its portals with its open reports. Look at what would come to you, and take it "
        "over or refuse it."
    ),
    "portal_answered": _("A portal that you offered to another hotline was taken over or refused."),
    "law_proposed": _("Another hotline proposes a change to the law register. Two people at your hotline decide."),
    "law_decided": _("Your proposal for the law register was decided."),
    "texts_proposed": _(
        "Another hotline proposes texts that all hotlines here share. Two people at your hotline decide."
    ),
    "texts_decided": _("Your proposal for shared texts was decided."),
    "police_not_told": _(
        "The police could not be told about a case, or it is not known whether they were. Nobody else is told until a person "
        "settles it."
    ),
    "police_to_be_told": _(
        "The decision about a case was withdrawn after a review. The police were told of it, but not by a letter of ours, so nobody has "
        "written that to them. Tell them."
    ),
    "not_urgent": _("A case that somebody called urgent was found not urgent. The reason is in its notes."),
    "called_not_urgent": _(
        "Somebody says that a case is not urgent that somebody else called urgent. It stays urgent until a second person says so too. The "
        "reason is in its notes."
    ),
    "answer_entered": _(
        "Somebody entered by hand what the police answered about an urgent case. It counts once a second person has checked it "
        "and confirms it."
    ),
    "told_entered": _(
        "Somebody says that they told the police about an urgent case themselves. It counts once a second person has checked it "
        "and confirms it."
    ),
    "wrong_contact": _(
        "A contact says that somebody else is in charge of an address. Nothing goes out about it until a person has chosen whom to "
        "write to."
    ),
    "password_given": _(
        "{name} gave your account a first password. If you did not ask for it, tell another administrator or a supervisor."
    ),
    "reach_changed": _(
        "A portal’s country or languages, its police contact, when its police are told, the exit link or a number to call was "
        "changed. Check that it is right: what children report goes there."
    ),
    "police_words_asked": _(
        "Somebody asks to tell visitors of a portal what the police will do and won’t. A second person reviews it; until then "
        "nothing changes."
    ),
    "police_words_changed": _(
        "What a portal tells its visitors about the police was changed. Check that each sentence is true in that country."
    ),
    "recording_asked": _(
        "Somebody asks to change a recording that visitors of a portal can play. A second person listens to it and confirms it; "
        "until then nothing changes."
    ),
    "recording_changed": _(
        "A recording that visitors of a portal can play was changed. Listen to it, and check that it is right."
    ),
    "helpline_due": _(
        "Nobody has confirmed a number that a portal gives its visitors for a year. Call the helpline, or ask the police about the "
        "emergency number, and confirm that everything about it is right."
    ),
    "reach_asked": _(
        "Somebody asks to change a portal’s country or languages, its police contact, when its police are told, the exit link or a "
        "number to call. A second person confirms it; until then nothing changes."
    ),
    "form_open_asked": _(
        "Somebody asks to open a portal to reports or to show it to the public. A second person confirms it; until then nothing "
        "changes."
    ),
    "form_open_changed": _("A portal was opened to reports or shown to the public. Check that it is right."),
    "form_shut_asked": _(
        "Somebody asks to close a portal to reports or to hide it. A second person confirms it; until then nothing changes."
    ),
    "form_shut_changed": _("A portal was closed to reports or hidden. Check that people can still report to you."),
    "day_asked": _(
        "Somebody asks to change a portal’s time zone: the day of its staff would begin and end at another time, and so would what they may "
        "look at in a day. A second person confirms it; until then nothing changes."
    ),
    "day_changed": _(
        "A portal’s time zone was changed: the day of its staff begins and ends at another time, and so does what they may look at in a "
        "day. Check that it is right."
    ),
    "paging_asked": _(
        "Somebody asks to change where a portal’s pages go. A second person confirms it; until then nothing changes."
    ),
    "paging_changed": _("Where a portal’s pages go was changed. Send a test page, and check that it arrives."),
    "police_letter_asked": _(
        "Somebody asks to change a contact or a text by which the police or child protection are written to. A second person "
        "confirms it; until then nothing changes."
    ),
    "police_letter_changed": _(
        "A contact or a text by which the police or child protection are written to was changed. Check that it is right: what "
        "children report goes there."
    ),
    "mail_server_asked": _(
        "Somebody asks to change the mail server that every letter here goes through. A second person confirms it; until then "
        "nothing changes."
    ),
    "mail_server_changed": _(
        "The mail server that every letter here goes through was changed. Check that letters still arrive."
    ),
    "installation_asked": _(
        "Somebody asks to change settings that apply to every hotline here, such as the mailbox or the name servers. A second "
        "person confirms it; until then nothing changes."
    ),
    "installation_changed": _(
        "Settings that apply to every hotline here, such as the mailbox or the name servers, were changed. Check that they are "
        "right: what arrives here and what is seen of a place depends on them."
    ),
    "known_image_asked": _(
        "Somebody asks to change what a known image means, or to set a hash of it aside. A second person confirms it; until then it "
        "is found as before."
    ),
    "known_image_changed": _(
        "Two people changed what a known image means, or set a hash of it aside. Check that it is right."
    ),
    "list_asked": _(
        "Somebody asks to import a list of known images that does more than add what a registered source says. A second person "
        "confirms it; until then nothing changes."
    ),
    "peer_asked": _(
        "Somebody asks to exchange reports with another hotline. A second person confirms it; until then nothing is exchanged."
    ),
    "peer_changed": _("Another hotline was confirmed for exchanging reports. Check that it is the right one."),
    "log_head": _(
        "The head of your hotline’s log for this week is attached. Keep it where nobody who runs Leeward can reach it: it shows later "
        "whether the log was changed."
    ),
    "payment_silent": _("A payment firm has not answered an alert in time. Send it again, or call the firm."),
    "receiver_asked": _(
        "Somebody asks to record the agreement with an organisation to which cases are reported by a program. A second person "
        "confirms it; until then nothing changes."
    ),
    "receiver_changed": _(
        "The agreement with an organisation to which cases are reported by a program was recorded. Check that it is right."
    ),
    "calling_asked": _(
        "Somebody asks to change with which partner a portal shares being on call, or the number of the police for those on call. "
        "A second person confirms it; until then nothing changes."
    ),
    "calling_changed": _(
        "With which partner a portal shares being on call, or the number of the police for those on call, was changed. Check that "
        "it is right."
    ),
    "training_ahead": _(
        "A session of a course begins within two weeks. Tell those who take part: Leeward keeps no addresses of theirs."
    ),
    "training_ending": _(
        "Training runs out within three months for people who took a course. Plan when they take it again."
    ),
    "contact_bad": _("Mail to a contact bounces: nothing is sent there automatically any more."),
}


def staff_mail(note: StaffNote) -> Mail | None:
    """Return the letter to a member of staff, in their language; None if they have left, or if it says what is
    no longer told."""
    person = next((row for row in people_queries.staff_of(note.hotline_id) if row.id == note.person_id), None)
    if person is None or not person.is_active or note.what not in WHATS:
        return None
    with override(language_for(person.languages)):
        sentence = str(WHATS[note.what])
        if note.what == "password_given":
            given = people_queries.password_given(note.person_id)
            if given is None or given.by_id is None:
                return None
            sentence = sentence.format(name=given.by)
        values = {
            "sentence": sentence,
            "link": f"{settings.LEEWARD.base_url}{note.path}",
            "hotline": people_queries.hotline(note.hotline_id).name,
        }
        body = render_to_string(f"notices/mail/{'log_head' if note.what == LOG_HEAD else 'staff'}.txt", values)
        mail = Mail(one_line(gettext("Leeward: %(what)s") % {"what": sentence}, 190), body.strip() + "\n")
        return replace(mail, attachments=head_file(head_of(note.hotline_id))) if note.what == LOG_HEAD else mail
