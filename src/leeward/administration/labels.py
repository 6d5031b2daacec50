"""Labels for the administrator's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Whose data somebody asks for, and what to type to find them.
PERSONS: dict[str, str | Promise] = {
    "reporter": _("Whoever reported, by their receipt"),
    "appeal": _("Request for review"),
    "staff": _("A member of staff, by e-mail address or name"),
    "contact": _("A contact, by e-mail address"),
    "trainee": _("Somebody who was trained, by name"),
    "clerk": _("Somebody at a provider, by e-mail address"),
}
PERSON_ACTS: dict[str, str | Promise] = {"export": _("Give out a copy"), "erase": _("Erase")}
PERSON_OUTCOMES: dict[str, str | Promise] = {
    "": _("waits for a second person"),
    "done": _("confirmed"),
    "refused": _("refused"),
}
ERASED: dict[str, str | Promise] = {
    "words": _("What they wrote in the report, in later messages and in requests for review"),
    "reporter_contact": _("How they can be reached"),
    "receipt": _("Their receipt: it opens nothing any more"),
    "account": _("Name, address, password and second factors; a number is left"),
    "invitations": _("Name and address in invitations"),
    "copies": _("Their name beside translations and corrections, their address in letters and pages that they got"),
    "entry": _("Name, address, key and webhook of the entry"),
    "training": _("Name and organisation in every record of training"),
    "clerk": _("Name and address at the provider"),
}
KEPT: dict[str, str | Promise] = {
    "addresses": _("The addresses that were reported: a child may need them."),
    "told": _("What the police were told: it is theirs, and can’t be called back."),
    "acts": _("What they decided, under their number: others must be able to answer for it."),
    "letters": _("Letters that were sent and answers to them: they show who was told, and when."),
    "results": _("Results, counted under nobody’s name."),
    "certificates": _("Certificates: they hold a scrambled name that nobody can read."),
    "filed": _("What the provider reported: the law asked for it."),
    "log": _("The log: it holds numbers, never a name or anybody’s words, and stays whole."),
    "backups": _("Backups from before, sealed, until the last of them is deleted."),
}
BEFORE_ERASING: dict[str, str | Promise] = {
    "close_account": _("Close the account first, on its page: cases, keys and pages go to others then."),
    "retire_contact": _("Take the entry out of use first, on its page: nothing is sent to it then."),
    "end_clerk": _("End their part first, on the provider’s page."),
}
POINTS: dict[str, str | Promise] = {
    "emergency": _("Emergency number and helpline"),
    "who_runs_it": _("Who runs this hotline"),
    "languages": _("Languages read through"),
    "law": _("The law read by a lawyer"),
    "second_factor": _("A second factor for everybody"),
    "appeals": _("Somebody uninvolved for appeals against blocks"),
    "backup": _("Backups run"),
    "mail": _("Mail goes out"),
    "paging": _("Somebody is paged when it is urgent"),
    "police": _("The police confirm a test referral"),
    "test_report": _("A test report goes all the way through"),
}
HOW: dict[str, str | Promise] = {
    "emergency": _("Enter it on the portal’s page."),
    "who_runs_it": _("Enter it on the portal’s page; reporters and hosts want to know whom they trust."),
    "helplines": _("Suggestions from public pages are on the page of numbers; visitors see none of them before that."),
    "languages": _("Somebody who speaks the language reads the pages through, then it is marked as reviewed."),
    "law": _("A lawyer of the country reads the law file and marks it as reviewed."),
    "second_factor": _("They set one up the next time they sign in."),
    "appeals": _("Invite a third person: a supervisor, or an administrator who does no other work."),
    "backup": _(
        "Whoever runs the server sets it up; when it finishes, it touches the file backup-done in the data directory."
    ),
    "mail": _(
        "The hotline that runs the installation sets the mail server. Send the police a test referral: it tests both."
    ),
    "paging": _("Put somebody on call for the portal, and send them a test page."),
    "paging_way": _("A mail server or a webhook is missing, or everybody on the list is on leave."),
    "paging_gap": _("Let somebody take these hours in the rota, or put somebody on call who always is."),
    "police": _("Send them the test referral below. They press a button on the page behind its link."),
    "police_address": _("Enter it on the portal’s page; then a test referral can be sent from here."),
    "police_wait": _("They press the button on the page behind its link. Call them, or send it once more."),
    "test_report": _("Send a report by the form yourself; an analyst takes it from the queue and decides it."),
    "test_report_wait": _("An analyst takes it from the queue and decides it like any other."),
}
# Labels of the links to where a point is settled.
LINKS: dict[str, str | Promise] = {
    "emergency": _("Open the portal’s page"),
    "who_runs_it": _("Open the portal’s page"),
    "helplines": _("Open the page of numbers"),
    "languages": _("Open the languages"),
    "law": _("Open the law"),
    "second_factor": _("See who has none"),
    "appeals": _("Invite somebody"),
    "mail": _("Open the settings of the installation"),
    "paging": _("Open the on-call page"),
    "paging_way": _("Open the on-call page"),
    "paging_gap": _("Open the rota"),
    "police_address": _("Open the portal’s page"),
}
# Reasons for exporting a settings file; the command line doesn't ask.
WHYS: dict[str, str | Promise] = {
    "copy": _("To keep a safe copy"),
    "move": _("To move to another machine"),
    "another": _("To set up another hotline in the same way"),
    "check": _("For somebody to check the settings"),
}
# Labels of the installation's test buttons, and of their results.
TESTS: dict[str, str | Promise] = {
    "mail": _("Send a test message to %(to)s"),
    "mailbox": _("Open the mailbox and count"),
    "names": _("Look up this name"),
    "fetching": _("Fetch a page of the Internet"),
}
NAME_PROBLEMS: dict[str, str | Promise] = {
    "no_such_name": _("domain does not exist"),
    "no_address": _("the name has no address"),
    "name_failed": _("the name servers did not answer properly"),
    "name_timed_out": _("the name servers did not answer in time"),
}
FETCH_PROBLEMS: dict[str, str | Promise] = {
    **NAME_PROBLEMS,
    "proxy_failed": _("the proxy failed"),
    "timed_out": _("no answer in time"),
    "tls_failed": _("no secure connection"),
    "connection_failed": _("no connection"),
}
# What has to be settled before a portal goes to another hotline.
IN_THE_WAY: dict[str, str | Promise] = {
    "urgent": _("urgent cases are open"),
    "paging": _("people are being paged about it"),
    "in_hand": _("cases were acted on a moment ago, or the police or the host are being told"),
    "held": _("the police hold a notice"),
    "protection": _("answer from child protection"),
    "appealed": _("requests for review wait for an answer"),
    "from_peers": _("reports of other hotlines are open; they are told from here what came of them"),
    "from_abroad": _("tips from abroad are open; their senders are told from here what came of them"),
    "changes": _("a change of the portal waits for a second person"),
    "partners": _("another portal pages the people on call of this one"),
    "no_bank": _("it takes fingerprints of people’s own pictures, and the other hotline has no known images"),
    "nobody": _("nobody of the other hotline can be paged"),
}
# The one step that clears each of them.
STEPS_TO_CLEAR: dict[str, str | Promise] = {
    "urgent": _("Tell the police of each, and record what they say came of it."),
    "paging": _("Acknowledge each page, and say on it what came of it."),
    "in_hand": _("Wait until the host has been told, or close the case."),
    "held": _("Ask the police to release it."),
    "protection": _("Record on each case what the office says came of the child."),
    "appealed": _("Answer each of them, under Requests for review."),
    "from_peers": _("Assess each and act on it, or hand it back to the hotline that sent it."),
    "from_abroad": _("Assess each and act on it, or close it: its sender hears of it."),
    "changes": _("Confirm it as the second person, or refuse it."),
    "partners": _("End the agreement, on the rota of either portal."),
    "no_bank": _("The other hotline takes known images into use, or this portal stops taking fingerprints."),
    "nobody": _("The other hotline puts somebody on call."),
}
