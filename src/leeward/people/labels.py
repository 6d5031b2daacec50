"""Labels for roles, days and modes."""

from collections.abc import Iterable

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.people.rules import desk_parts
from leeward.people.rules.helplines import ALWAYS, Span, read_hours
from leeward.people.rules.second_person import Why

ROLE_NAMES = {
    "administrator": _("Administrator: accounts, portals, the hotline"),
    "supervisor": _("Supervisor: appeals, disputes, colleagues"),
    "analyst": _("Analyst: assesses reports"),
    "police_liaison": _("Police liaison: answers referrals"),
    "auditor": _("Auditor: reads the log, nothing else"),
    "translator": _("Translator: reads and corrects what pages say in a language, nothing else"),
}
_CONFIRM = _(
    "Once its owner has set up a second factor, an administrator who did not create the account can "
    "confirm it on its page under People, or whoever runs the server: leeward account confirm. For one "
    "case, an outside reviewer can be invited."
)
# Why somebody can't be the second person, and what to do. {when} is filled in if waiting alone is enough.
SECOND_PERSON: dict[Why, tuple[str | Promise, str | Promise]] = {
    Why.SAME_PERSON: (
        _("This needs a second person, and you had the first part in it."),
        _("Ask a colleague who had no part in it, or invite an outside reviewer."),
    ),
    Why.NO_ROLE: (
        _("This needs a second person who has the role for it."),
        _("Ask a colleague who has the role."),
    ),
    Why.SAME_HANDS: (
        _(
            "This needs two people, and one administrator alone created both accounts or one of the two "
            "created the other."
        ),
        _CONFIRM,
    ),
    Why.NEW_ACCOUNT: (
        _("This account is new: it can be the second person from {when}."),
        _CONFIRM,
    ),
    Why.NEW_ROLE: (
        _("This role was given only recently: it counts for a second person from {when}."),
        _CONFIRM,
    ),
}
# Titles of changes that take two people, for the page of a change.
REACH_NAMES = {
    "takes_reports": _("Takes reports"),
    "is_open": _("Shown to the public"),
    "country": _("Country"),
    "time_zone": _("Time zone"),
    "police_name": _("Police unit"),
    "police_email": _("Where referrals to the police go"),
    "police_for_hosts": _("How hosts reach the police"),
    "reached_at": _("How visitors reach you"),
    "police_on_danger": _("When the police are told that a child is in danger"),
    "police_on_urgent": _("When the police are told of other urgent reports"),
    "emergency_number": _("Emergency number"),
    "helpline_name": _("Child helpline"),
    "helpline_number": _("Number of the child helpline"),
    "police_words": _("What the police do"),
    "is_shown": _("Shown to visitors"),
    "whom": _("For whom it is"),
    "own_picture": _("Fingerprints of a person’s own picture"),
    "own_removal": _("Removal of a person’s own picture without the police"),
    "exit_url": _("Where “Leave this page” leads"),
    "on_call_mail": _("Address to which pages are mailed"),
    "page_webhook": _("Address to which pages are posted"),
    "mode": _("What happens to reports"),
    "kind": _("Kind of contact"),
    "service": _("What kind of office"),
    "name": _("Name"),
    "email": _("E-mail address"),
    "languages": _("Languages"),
    "retired": _("No longer in use"),
    "unconfirmed": _("Nobody has confirmed it"),
    "bounces": _("Its mail comes back"),
    "fingerprint": _("Fingerprint of the OpenPGP key"),
    "subject": _("Subject"),
    "body": _("Text"),
    "smtp_host": _("Mail server"),
    "smtp_port": _("Port"),
    "smtp_security": _("Connection security"),
    "smtp_user": _("User name"),
    "mail_from": _("Sender"),
    "mail_replies": _("Answers go to"),
    "mail_bounces": _("Bounces go to"),
    "smtp_password": _("Password"),
    "mailbox_host": _("Mailbox server"),
    "mailbox_port": _("Port"),
    "mailbox_user": _("User name"),
    "mailbox_password": _("Password"),
    "mailbox_folder": _("Folder"),
    "dns_resolvers": _("Name servers"),
    "fetch_proxy": _("Proxy for every fetch"),
    "onion_proxy": _("Tor"),
    "police_wait_hours": _("Hours that the police have before the host is told"),
    "countries": _("Countries"),
    "key_words": _("Key words"),
    "is_fallback": _("Takes items of countries without a hotline"),
    "names": _("Its name in other languages"),
    "number": _("Telephone number"),
    "text_number": _("Number for text messages (SMS)"),
    "whatsapp": _("Number on WhatsApp"),
    "chat_url": _("Address of its chat"),
    "url": _("Address of its website"),
    "hours": _("When somebody answers"),
    "zone": _("Time zone"),
    "charge": _("What a call costs"),
    "access": _("For people who don’t hear or speak"),
    "source": _("Where this is from"),
    "terms": _("Agreement or membership"),
    "agreed_on": _("In force since"),
    "address": _("Address"),
    "sealed": _("User name and password"),
    "is_test": _("It is the address for tests"),
    "partner": _("Partner, whose people are paged as well"),
    "partner_hours": _("Hours in which the partner is paged first"),
    "helps": _("Portal for which people here are paged as well"),
    "police_number": _("Number of the police at any hour"),
}
# Of these the page of a change says only that there is another one.
SECRET_NAMES = frozenset({"smtp_password", "mailbox_password", "sealed"})
# Who is asking for what, by kind of change. {who} is the person asking; {name} is the portal or hotline, {about} a
# contact or text.
ASKS: dict[str, str | Promise] = {
    "portal": _("{who} asks to change the portal {name}: where it leads, whom it tells, or whether visitors find it."),
    "on_call_mail": _("{who} asks to change where pages of the portal {name} are mailed."),
    "page_webhook": _("{who} asks to change where pages of the portal {name} are posted."),
    "hotline": _("{who} asks to change the address of {name}."),
    "police_contact": _(
        "{who} asks to change a contact of {name} that the police or child protection are written to by: {about}."
    ),
    "police_text": _("{who} asks to change the text of the referrals to the police that {name} sends: {about}."),
    "mail_server": _("{who} asks to change the mail server that every letter of every hotline here goes through."),
    "installation": _("{who} asks to change settings that apply to every hotline here."),
    "peer": _("{who} asks to exchange reports with another hotline: {about}."),
    "police_words": _("{who} asks to say on the portal {name} what the police will do and won’t."),
    "recording": _("{who} asks to change a recording that visitors of the portal {name} can play."),
    "helpline": _("{who} asks to change a helpline that the portal {name} names: {about}."),
    "receiver": _("{who} asks to record the agreement under which {name} reports cases by a program to: {about}."),
    "partner": _("{who} asks to change with which other portal {name} shares being on call."),
    "police_number": _("{who} asks to change the number of the police that those on call for {name} are told."),
}
SERVER_DID: dict[str, str | Promise] = {
    "portal": _(
        "Whoever runs the server changed the portal {name}: where it leads, whom it tells, or whether visitors find it."
    ),
    "on_call_mail": _("Whoever runs the server changed where pages of the portal {name} are mailed."),
    "page_webhook": _("Whoever runs the server changed where pages of the portal {name} are posted."),
    "hotline": _("Whoever runs the server changed the address of {name}."),
    "police_contact": _(
        "Whoever runs the server changed a contact of {name} that the police or child protection are written to by: {about}."
    ),
    "police_text": _(
        "Whoever runs the server changed the text of the referrals to the police that {name} sends: {about}."
    ),
    "mail_server": _(
        "Whoever runs the server changed the mail server that every letter of every hotline here goes through."
    ),
    "installation": _("Whoever runs the server changed settings that apply to every hotline here."),
    "peer": _("Whoever runs the server confirmed another hotline to exchange reports with: {about}."),
    "police_words": _("Whoever runs the server changed what the portal {name} says that the police will do and won’t."),
    "recording": _("Whoever runs the server changed a recording that visitors of the portal {name} can play."),
    "helpline": _("Whoever runs the server changed a helpline that the portal {name} names: {about}."),
    "receiver": _("Whoever runs the server recorded the agreement under which {name} reports cases to: {about}."),
    "partner": _("Whoever runs the server changed with which other portal {name} shares being on call."),
    "police_number": _("Whoever runs the server changed the police’s number for those on call for {name}."),
}
WAITING: dict[str, str | Promise] = {
    "portal": _("A change of the portal {name} is waiting for a second person."),
    "on_call_mail": _("A change of where pages of the portal {name} are mailed is waiting for a second person."),
    "page_webhook": _("A change of where pages of the portal {name} are posted is waiting for a second person."),
    "hotline": _("A change of the address of {name} is waiting for a second person."),
    "police_contact": _("A change of the contact {about} is waiting for a second person."),
    "police_text": _("A change of the text of referrals to the police is waiting for a second person: {about}."),
    "mail_server": _("A change of the mail server is waiting for a second person."),
    "installation": _("A change of settings that apply to every hotline here is waiting for a second person."),
    "peer": _("Exchanging reports with another hotline is waiting for a second person: {about}."),
    "police_words": _("What the portal {name} says of the police is waiting for a second person."),
    "recording": _("A change of a recording of the portal {name} is waiting for a second person."),
    "helpline": _("A change of the helpline {about} is waiting for a second person."),
    "receiver": _("The agreement with a receiver of reports is waiting for a second person: {about}."),
    "partner": _("A change of with whom {name} shares being on call is waiting for a second person."),
    "police_number": _("A change of the police’s number for those on call for {name} is waiting for a second person."),
}
# What the second person should check before confirming.
CHECKS: dict[str, str | Promise] = {
    "portal": _(
        "Call the police unit and each helpline yourself, at numbers that you know, and open the links: is all of it right?"
    ),
    "day": _("Ask why: is this the time of the place where the staff work?"),
    "form_shut": _("Ask why, and where people can report to you meanwhile."),
    "on_call_mail": _("Call whoever is on call yourself, at a number that you know, and ask whether this is right."),
    "page_webhook": _("Call whoever is on call yourself, at a number that you know, and ask whether this is right."),
    "hotline": _("Ask your colleagues: is this your own address, and should the police hear of reports this way?"),
    "police_contact": _(
        "Call them yourself, at a number that you know, and ask whether this is right; have the fingerprint of a key read out."
    ),
    "police_text": _("Read it as the police would: does it still ask them to act on an urgent report?"),
    "mail_server": _(
        "A trial letter has gone to you through the new server. Ask who runs that server; confirm it from the link in that letter."
    ),
    "installation": _(
        "Ask who runs these servers, and why this changes. Answers of the police and hosts come by the mailbox; name servers and "
        "proxies decide what is seen of a place, and who is written to about it."
    ),
    "peer": _(
        "Call that hotline yourself, at a number that you know, and read the key words to each other: are all of them the same?"
    ),
    "police_words": _("Ask the police and a lawyer of the country: is each sentence true there?"),
    "recording": _("Listen to all of it with the page in front of you: is every word and number right?"),
    "helpline": _("Call or write to it yourself: is it who it says, and is all of this right?"),
    "receiver": _("Read the agreement: is it in force, and is this the address that the organisation itself gave you?"),
    "partner": _("Ask the other hotline yourself: do both sides want this, in these hours?"),
    "police_number": _("Call it yourself: do the police answer there at any hour?"),
}
# The pages that can have a recording.
RECORDED_PAGES: dict[str, str | Promise] = {
    "report": _("Report"),
    "receipt": _("Your receipt"),
    "talk": _("Someone to talk to"),
}
WAITS = _("This takes two people: it changes once a second person has confirmed it. Until then it stays as it is.")
ADDRESS_WAITS = _("The hotline’s address changes once a second person has confirmed it.")
HOTLINE_WAITS = _("A second person confirms the address of the hotline.")
WAITS_OF = _("A second person confirms what the file changes of the portal %(name)s: whom it tells and where it leads.")
LEAVE_ENDS = _("Enter a first day back that is after the first day away.")
SCOPE_NAMES = {
    "provider": _("Mandatory reports of a provider"),
    "subscriber": _("Blocking lists and hash lists"),
    "check": _("Checks of uploads"),
    "read": _("Programs made for Meta’s HMA: read the banks of known images"),
    "match": _("Programs made for Meta’s HMA: ask whether a picture or video is known"),
    "curate": _("Programs made for Meta’s HMA: add known images to banks of their own, as one source"),
    "police": _("Look-ups by the police"),
    "peer": _("Exchange with another hotline"),
    "own_pictures": _("Fingerprints of people’s own pictures: for review by a person only"),
    "statistics": _("Figures"),
    "intake": _("Reports from another organisation’s own form"),
    "sms": _("Reports by text message, from a gateway"),
    "export": _("Cases in formats of other organisations"),
}
DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
MODES = [
    ("assess", _("Analysts assess reports")),
    ("post_box", _("Reports go to the police as they come")),
]
DESK_PARTS = [
    (desk_parts.BLOCKING, _("Blocking lists")),
    (desk_parts.BANK, _("Known images")),
    (desk_parts.QUALITY, _("Blind second assessments of a sample")),
    (desk_parts.EXCHANGE, _("Exchange with other hotlines")),
    (desk_parts.LAW, _("The law register")),
    (desk_parts.LANGUAGES, _("Translations")),
    (desk_parts.KEYS, _("API keys")),
]
PLACES = [
    _("First language"),
    _("Second language"),
    _("Third language"),
    _("Fourth language"),
    _("Fifth language"),
    _("Sixth language"),
]

OWN_PICTURE_WAYS = [
    ("off", _("Not offered")),
    ("wish", _("Offered: the person decides whether the police are told")),
    ("police", _("Offered: the law obliges us to tell the police, and the page says so")),
]
OWN_REMOVAL_WAYS = [
    ("unknown", _("Nobody has found out yet: the form says so, and the police are told as of any other report")),
    ("wish", _("The law lets us: the person decides whether the police are told")),
    ("police", _("The law obliges us to tell the police, and the form says so")),
]
POLICE_MOMENTS = [
    ("at_once", _("At once, as it came in, with the reporter’s words")),
    ("after_look", _("After a person here has read it and passes it on")),
    ("after_assessment", _("Never before somebody here has assessed it")),
]

WHOM_NAMES: dict[str, str | Promise] = {
    "child": _("Children and young people"),
    "adult": _("Adults"),
    "own": _("People worried about their own thoughts or actions"),
}
CHARGE_NAMES: dict[str, str | Promise] = {
    "": _("Not known"),
    "free": _("The call is free"),
    "charged": _("The call costs money"),
}
ACCESS_NAMES: dict[str, str | Promise] = {
    "sign": _("Sign language by video"),
    "relay": _("Calls by text relay"),
}
HELPLINE_NAMES = {
    name: REACH_NAMES[name]
    for name in "whom name names number text_number whatsapp chat_url url hours zone charge languages access source".split()
}
CONFIDENCE: dict[str, str | Promise] = {
    "high": _("probably right"),
    "medium": _("uncertain"),
    "low": _("doubtful"),
}


def access_words(access: Iterable[str]) -> list[str]:
    """Return in words what a helpline offers to people who don't hear or speak."""
    return [str(ACCESS_NAMES[one]) for one in access]


def hours_words(hours: str, zone: str) -> str:
    """Return in words when a helpline answers, or "" if that is not known."""
    if not hours:
        return ""
    if hours == ALWAYS:
        return gettext("Day and night")
    spans = "; ".join(_span_words(span) for span in read_hours(hours))
    place = zone.rpartition("/")[2].replace("_", " ")
    return gettext("%(spans)s (time in %(place)s)") % {"spans": spans, "place": place}


def _span_words(span: Span) -> str:
    days = dict(DAYS)
    times = {"start": time_format(span.start, "TIME_FORMAT"), "end": time_format(span.end, "TIME_FORMAT")}
    first, last = str(days[str(span.first)]), str(days[str(span.last)])
    if (span.first, span.last) == (1, 7):
        return gettext("Every day, %(start)s to %(end)s") % times
    if first == last:
        return gettext("%(day)s, %(start)s to %(end)s") % {"day": first, **times}
    return gettext("%(first)s to %(last)s, %(start)s to %(end)s") % {"first": first, "last": last, **times}
