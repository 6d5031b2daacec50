"""Labels for this slice's fixed vocabularies, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from leeward.notices.channels.registry import sentence_of
from leeward.notices.rules.wordings import Fault

KINDS = {
    "host": _("host"),
    "owner": _("owner of the site"),
    "upstream": _("network upstream"),
    "registrar": _("registrar"),
    "foreign_host": _("host abroad"),
    "foreign_police": _("hotline or police abroad"),
    "name_registrar": _("registrar, about the name"),
    "name_registry": _("registry, about the name"),
    "name_police": _("police, for the registrar"),
    "name_data": _("police, about the registrant’s data"),
    "name_accuracy": _("registrar, about the registrant’s data"),
    "name_icann": _("ICANN Compliance"),
}
CONTACT_KINDS = {
    "police": _("Police"),
    "protection": _("Child protection"),
    "hotline": _("Hotline"),
    "host": _("Host"),
    "owner": _("Owner of a site"),
    "upstream": _("Upstream network"),
    "registrar": _("Registrar"),
    "payment": _("Payment firm or exchange"),
    "fiu": _("Financial intelligence unit"),
    "registry": _("Registry of a country’s domain"),
    "icann": _("ICANN Compliance"),
}
# What a child-protection contact is.
SERVICES = {
    "advocacy": _("Child advocacy centre"),
    "social": _("Social service"),
    "helpline": _("Child helpline"),
}
ENTRIES_WAIT = _("A second person confirms how the police or child protection are written to at: %(entries)s.")
TEXT_WAITS = _("A second person confirms the text %(name)s, which goes to the police.")
STANDINGS = {
    "good": _("Answers"),
    "slow": _("Slow to answer"),
    "silent": _("Seldom answers"),
    "wrong": _("Says that others are in charge"),
    "bad": _("Bounces"),
    "new": _("Too little to say"),
}
CONTACT_EVENTS = {
    "contact.added": _("Added"),
    "contact.edited": _("Changed"),
    "contact.cleared": _("Mail works again, as confirmed by a person"),
    "contact.bounced": _("Mail bounced"),
    "contact.test_sent": _("A test message was sent"),
    "contact.confirmed": _("Confirmed by a person"),
    "contact.key_set": _("OpenPGP key added"),
    "contact.key_removed": _("OpenPGP key removed"),
    "contact.page_opened": _("Page with all open addresses created"),
    "contact.page_renewed": _("Page with all open addresses: new link"),
    "contact.page_closed": _("Page with all open addresses withdrawn"),
    "contact.page_told": _("Notices carry the link to its page"),
    "contact.page_not_told": _("Notices no longer carry the link to its page"),
    "contact.channel_set": _("Notices go by another way than mail"),
    "contact.channel_removed": _("Notices go by mail again"),
    "contact.webhook_set": _("Webhook added: notices are posted"),
    "contact.webhook_renewed": _("Webhook: new secret"),
    "contact.webhook_removed": _("Webhook removed: notices go by mail"),
    "contact.webhook_tried": _("Webhook tested"),
}
KEY_FAULTS = {
    "too_long": _("it is too long"),
    "holds_secret": _("it holds a secret key, which must never leave its owner"),
    "unreadable": _("it can't be read"),
    "revoked": _("it was revoked"),
    "no_good_key": _("it has no usable encryption key, or has expired"),
    "has_webhook": _("notices are posted to this contact’s webhook; remove that first"),
}
HOOK_FAULTS = {
    "empty": _("no address was written"),
    "too_long": _("the address is too long"),
    "not_an_address": _("it is not a web address"),
    "not_https": _("it does not begin with https"),
    "has_a_password": _("the address holds a name or a password; the signature proves who sends"),
    "has_a_key": _("this contact has an OpenPGP key, to which everything is encrypted; remove that first"),
}
WORDING_KINDS = {
    "police": _("Referral to the police"),
    "host": _("Notice to a host"),
    "owner": _("Notice to the owner of a site"),
    "upstream": _("Notice to a network upstream"),
    "registrar": _("Notice to a registrar"),
    "abroad": _("Message to a hotline or the police abroad"),
    "payment": _("Alert to a payment firm"),
}
ENTERED = _("What was entered as an answer")  # a reply, too, but of no review
PLACES = {
    "hotline": _("the hotline’s name"),
    "country": _("the hotline’s country, two letters"),
    "count": _("how many addresses the message is about"),
    "finding": _("who judged the material, and by what measure"),
    "addresses": _("every address with our reference"),
    "why": _("why this contact gets it, and that it was asked before; may be empty"),
    "keep": _("how long the law requires evidence to be kept, and how the police are reached; may be empty"),
    "deadline": _("by when we ask for it, and what follows"),
    "link": _("the page on which the reader answers"),
    "page": _(
        "the link to the contact’s page with every open address; empty where it has none or notices should not carry it"
    ),
    "behind": _("what the material is reached through; may be empty"),
    "law": _("the law of the hosting country"),
    "number": _("the number of this message, 1 for the first"),
    "email": _("the hotline’s e-mail address"),
    "mark": _("the code that links an answer to its case"),
    "police": _("the name of the police"),
    "urgent": _("why it is urgent; usually empty"),
    "reference": _("our reference"),
    "received": _("when the report came"),
    "address": _("the address"),
    "place": _("country, host, IP address and network, as far as known"),
    "opening": _("who you are, how the report came to you, and whether anybody assessed it"),
    "words": _("what was reported, in the reporters’ own words; may be empty"),
    "summary": _("what we know, line by line"),
    "opinions": _("what the law says about it"),
    "hashes": _("hashes of the files"),
    "follows": _("when the host is asked to remove it; may be empty"),
    "kind": _("what kind of account it is, and who runs it"),
    "payee": _("the wallet, account, handle or number itself"),
    "details": _("what is asked for, in how many cases and since when, line by line"),
    "weak": _("a warning where nothing proves that it is the right one; may be empty"),
    "name": _("Domain name"),
    "registrar": _("Registrar"),
    "odd": _("What does not fit:"),
    "basis": _("What this rests on"),
    "answer_by": _("answer due"),
}
FAULTS = {
    "unknown": _("there is no placeholder named “%(name)s”"),
    "not_in_subject": _("“%(name)s” is too long for the subject line"),
    "missing": _("the placeholder “%(name)s” is missing: the reader needs it"),
    "brace": _("a single brace near “%(name)s”; write {{ or }} for the character itself"),
    "empty": _("subject and text must not be empty"),
    "too_long": _("the subject may have 150 characters, the text 10,000"),
}
ANSWERS = {
    "none": _("no answer yet"),
    "acknowledged": _("has this message"),
    "removed": _("removed"),
    "moved": _("moved"),
    "disputed": _("disagrees"),
    "wrong_contact": _("wrong contact"),
    "suspended": _("name suspended"),
    "provided": _("data provided"),
    "corrected": _("data confirmed or corrected"),
    "declined": _("will not act"),
}
NAME_ACTS = {
    "registrar": _("Report illegal activity to the registrar"),
    "registry": _("Report illegal activity to the registry of the country’s domain"),
    "police": _("Ask our police to tell the registrar’s contact for law enforcement"),
    "data": _("Offer our police the basis for a request for the registrant’s data"),
    "accuracy": _("Report data that don’t fit to the registrar"),
    "icann": _("Complain to ICANN Compliance"),
}
WORDING_KINDS |= {f"name_{what}": word for what, word in NAME_ACTS.items()}
HINDRANCES = {
    "police_first": _("The police come first: they must have it, and let others be told."),
    "already": _("This was done already."),
    "other_country": _("The name is not under our country’s domain."),
    "nothing_odd": _("Nothing stands out in the data."),
    "not_icanns": _("ICANN has no say over a country’s domain."),
    "no_proof": _("First the registrar must have had a notice: ICANN wants its proof."),
    "too_early": _("The registrar still has time to act."),
    "no_registrar": _("No abuse desk of the registrar is known."),
    "no_registry": _("The contacts have no confirmed registry for our country."),
    "no_police": _("The portal has no police contact."),
    "no_icann": _("The contacts have no confirmed entry for ICANN Compliance."),
    "no_name": _("This case has no domain name."),
}
NAME_BASES = {
    "raa_abuse": _(
        "The registrar’s agreement with ICANN, section 3.18.1: it keeps an abuse contact, confirms a report and looks into it."
    ),
    "raa_police": _(
        "The registrar’s agreement with ICANN, section 3.18.3: reports of law enforcement are reviewed within 24 hours by "
        "somebody who may act on them."
    ),
    "raa_accuracy": _(
        "The registrar’s agreement with ICANN: it takes reasonable steps when told that data are inaccurate."
    ),
    "terms": _("The terms of the registry of this country’s domain, which apply to every name under it."),
    "nis2": _(
        "Directive (EU) 2022/2555, article 28, as far as it is national law: a lawful and substantiated request is answered "
        "within 72 hours."
    ),
    "own_law": _(
        "The law of your country on such requests. We know of no rule that gives the registrar a time to answer."
    ),
    "icann": _("The registrar’s agreement with ICANN, section 3.18. The proof of the earlier notice is attached."),
}
ODD_DATA = {
    "odd_mailbox": _("The e-mail address is not well formed."),
    "odd_phone": _("The telephone number is not well formed."),
    "odd_postcode": _("The postcode is not written as in the country given."),
}
PAYMENT_STATES = {
    "waiting": _("waiting to be sent"),
    "sent": _("sent"),
    "dead": _("could not be sent"),
    "stopped": _("not sent"),
}
PAYMENT_ANSWERS = {
    "none": _("no answer yet"),
    "acknowledged": _("has this message"),
    "closed": _("account closed"),
    "blocked": _("payments stopped"),
    "marked": _("marked, so that money from it is seen"),
    "reported": _("reported to those in charge"),
    "nothing_found": _("nothing wrong was found"),
    "not_ours": _("not theirs"),
}
PAYMENT_CHOICES = [
    ("acknowledged", _("We have this message")),
    ("closed", _("The account is closed")),
    ("blocked", _("Payments to it are stopped")),
    ("marked", _("It is marked, so that money from it is seen")),
    ("reported", _("We have reported it to those in charge")),
    ("nothing_found", _("We found nothing wrong")),
    ("not_ours", _("It is not ours")),
]
REFERRAL_STATES = {
    "waiting": _("No answer yet"),
    "acknowledged": _("Confirmed"),
    "held": _("Held"),
    "released": _("Released"),
    "timed_out": _("Time was over"),
}
OUTCOMES = {
    "child_safe": _("The child is safe"),
    "identified": _("Somebody was identified"),
    "investigating": _("It is being investigated"),
    "passed_on": _("Passed on to those in charge"),
    "no_case": _("No case is opened"),
    "not_traced": _("Nobody could be traced"),
    "no_danger": _("There was no danger"),
    "other": _("Something else, in words"),
    "looked_after": _("Somebody looks after the child now"),
    "no_answer": _("No answer will come"),
}
MESSAGE_KINDS = {
    "referral": _("Referral to the police"),
    "forward": _("Report passed on to the police"),
    "protect": _("A child at risk, to child protection"),
    "notice": _("Notice"),
    "staff": _("Notify our own staff"),
    "alert": _("To our own staff"),
    "reply": _("Result of a review"),
    "payment": _("Alert to a payment firm"),
}
CLOCKS = {
    "first_assessment": _("first assessment"),
    "police_told": _("police told"),
    "police_answered": _("police confirmed"),
    "host_told": _("host told"),
    "removed": _("removed"),
    "peer_answered": _("answer from abroad"),
    "protection_answered": _("answer from child protection"),
    "appeal": _("appeal answered"),
}
PROBLEMS = {
    "no_contact": _("No contact is known. Locate it again, or correct the location."),
    "no_police_contact": _(
        "The portal has no police contact: the police were not told, and nobody else is told before them."
    ),
    "police_not_told": _(
        "The message to the police could not be delivered. Nobody else is told until a person settles it."
    ),
    "police_unsure": _(
        "It is not known whether the message to the police arrived. Nobody else is told until a person settles it."
    ),
    "no_contact_abroad": _(
        "No hotline or police in the hosting country is known and confirmed. Add one to the contacts, "
        "and they are told."
    ),
    "foreign_host_not_told": _("Hosted abroad: the host is not told directly."),
    "bounced": _("It bounced: it could not be delivered."),
    "key_unusable": _(
        "It can’t be encrypted to the contact’s key, so it was not sent. Add a new key on the contact’s page."
    ),
    "given_up": _("One of us gave up the message, so it isn’t tried again."),
    "program_answered": _(
        "A program answered it, so it may have come back. Read that mail in the history of the case, then decide."
    ),
    "worker_gone": _("We stopped in the middle of sending it."),
}
FATES = {
    "sent": _("The mail server accepted the test message. Confirm the contact when it has answered."),
    "later": _("The test message could not be sent now. Try again later."),
    "dead": _("The mail server refused the test message."),
    "unsure": _("It is not known whether the test message arrived."),
}
WHYS = {
    "removed": _("It is gone."),
    "withdrawn": _("Withdrawn by the hotline."),
    "withdrawn_after_review": _("The decision was changed, and those who were told are told so."),
}


def kind_word(kind: str) -> str:
    """Return the label for the kind of recipient of a notice."""
    return str(KINDS.get(kind, kind))


def answer_word(answer: str) -> str:
    """Return the label for a contact's answer."""
    return str(ANSWERS.get(answer, answer))


def name_basis_sentence(basis: str) -> str:
    """Return what an act about a name rests on."""
    return str(NAME_BASES[basis])


def problem_word(problem: str) -> str:
    """Return a sentence about a problem."""
    return str(PROBLEMS.get(problem) or sentence_of(problem) or problem.replace("_", " "))


def why_word(why: str) -> str:
    """Return the label for why a notice case was stopped."""
    return str(WHYS.get(why, why.replace("_", " ")))


def fault_sentence(fault: Fault) -> str:
    """Return what is wrong with a text, as part of a sentence."""
    return str(FAULTS[fault.what]) % {"name": fault.name}
