"""The sentences for errors, and labels for kinds of items and for closed lists; translated where they are shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

_PROBLEMS: dict[str, str | Promise] = {
    "kind_missing": _("Choose what fits best. If you’re not sure, choose “Something else”."),
    "threat_missing": _("Choose what fits best. If you’re not sure, choose “I’m not sure”."),
    "too_long": _(
        "This is %(number)s characters long, and %(most)s is the most we can take. Shorten it, or send a second report."
    ),
    "too_many_addresses": _("These are more than %(most)s addresses. Send the rest in a second report."),
    "service_too_long": _(
        "The name of an app or website has %(most)s characters at most. Write the rest in the next step."
    ),
    "mail_no_at": _("An @ is missing. Complete the address, or leave this empty."),
    "mail_incomplete": _("Something is missing after the @. Complete it, or leave this empty."),
    "mail_unreadable": _(
        "There is something in it that an e-mail address can’t have. Correct it, or leave this empty."
    ),
    "mail_too_long": _("This is longer than an e-mail address can be. Correct it, or leave this empty."),
    "nul": _("There was an invisible character (NUL) in it. We took it out. Check that the rest is right, then go on."),
    "file": _(
        "We can’t take files or pictures, so we did not keep it. The address alone is enough. Go on without the file."
    ),
    "form_key": _(
        "This form was open for a long time or was not complete. Check that everything is right, then "
        "press the button again."
    ),
    "withdrawn": _("You withdrew this report before. If you want to report again, press the button once more."),
    "request_withdrawn": _("You withdrew this request before. To ask again, press the button once more."),
    "request_answered": _("This request was answered before. To ask again, press the button once more."),
    "address_missing": _("Write the address that this is about."),
    "relation_missing": _("Choose how you are connected to it."),
    "reason_missing": _("Write in a few words why we should look again."),
    "nothing_said": _("There is nothing in it yet. Write something first."),
    "too_much": _("This report is full. Send the rest as a new report."),
    "fingerprints": _("We could not read the fingerprints. Choose the picture again."),
    "young_missing": _("Say whether you are under 18 in the picture."),
    "wish_missing": _("Choose what you want us to do."),
    "wish_not_asked": _("This portal can’t promise that the police are not told. Leave it empty."),
    "one_address": _("One request is about one address. Write only this one here, and ask again for the others."),
}

# Problems with a whole list, phrased as part of a sentence, and problems with one of its cells.
_LISTS: dict[str, str | Promise] = {
    "list_too_long": _("it has more than a million characters"),
    "list_empty": _("it has no line below its first one"),
    "list_too_many_rows": _("it has more than 1,000 lines"),
    "list_torn": _("a quotation mark is not closed, or is in the wrong place"),
    "list_without_columns": _("no column is named “where” or “words”"),
    "list_with_other_columns": _("its first line names a column that we don’t know, or names one twice"),
}
_CELLS: dict[str, str | Promise] = {
    "row_too_long": _("more cells than columns"),
    "row_says_nothing": _("neither an address nor words"),
    "not_yes_or_no": _("write yes, no or nothing"),
    "kind_unknown": _("write page, contact, me, danger or else"),
    "threat_unknown": _("write yes, no, unsure or nothing"),
    "when_unknown": _("write today, week, before or unknown"),
    "language_unknown": _("write a language tag such as en or fr"),
    "cell_too_long": _("too long"),
    "cell_too_many_addresses": _("more than 200 addresses"),
    "contact_unreadable": _("this is not a complete e-mail address"),
    "moment_unreadable": _("write a day as 2026-03-12 or a time as 2026-03-12T14:05"),
}

KINDS: dict[str, str | Promise] = {
    "page": _("Saw a page or a file"),
    "contact": _("Somebody contacts or threatens a child"),
    "me": _("A picture of the reporter"),
    "own": _("Fingerprints of a picture of the reporter"),
    "danger": _("A child is in danger now"),
    "else": _("Something else"),
}
# Whether somebody threatens to share a picture of the reporter, and why a report is urgent.
THREATS: dict[str, str | Promise] = {"yes": _("Yes"), "no": _("No"), "unsure": _("I’m not sure")}
# What a reporter can add later if things got worse.
WORSE: dict[str, str | Promise] = {
    "danger": KINDS["danger"],
    "contact": KINDS["contact"],
    "threat": _("Is anyone threatening to share it?"),
}
URGENCIES: dict[str, str | Promise] = {
    "danger": _("a child is in danger now"),
    "contact": _("somebody contacts or threatens a child"),
    "threat": _("somebody threatens to share a picture of the reporter, or may do so"),
    "shown": _("somebody says that they are the person shown"),
    "marked": _("marked as urgent by staff or a partner"),
}
SOURCES: dict[str, str | Promise] = {
    "form": _("Public form"),
    "telephone": _("Telephone"),
    "letter": _("Letter"),
    "email": _("E-mail"),
    "police": _("Police"),
    "csv": _("Another list"),
    "appeal": _("Request for review"),
    "peer": _("Another hotline"),
    "sms": _("Text message"),
    "partner": _("Another organisation’s form"),
    "tip": _("Tips from abroad"),
    "provider": _("Providers"),
}
CHOICES: dict[str, str | Promise] = {"yes": _("Yes"), "no": _("No"), "unknown": _("I don’t know")}
WHEN: dict[str, str | Promise] = {
    "today": _("Today"),
    "week": _("This week"),
    "before": _("Longer ago"),
    "unknown": _("I don’t know"),
}
# What somebody says who sends fingerprints of a picture of themselves, and what they want.
HAPPENED: dict[str, str | Promise] = {
    "shared": _("Somebody has shared it"),
    "threat": _("Somebody threatens to share it"),
    "afraid": _("I’m afraid that somebody could share it"),
    "else": _("Something else, or I don’t want to say"),
}
WISHES: dict[str, str | Promise] = {
    "quiet": _("Only find copies. Don’t tell the police."),
    "police": _("Find copies, and tell the police."),
}
# The same of a picture that is reported by its address.
REMOVAL_WISHES: dict[str, str | Promise] = {
    "quiet": _("Have it removed. Don’t tell the police."),
    "police": _("Have it removed, and tell the police."),
}
RELATIONS: dict[str, str | Promise] = {
    "owner": _("It is my website or my account"),
    "host": _("I run the service or the server that it is on"),
    "shown": _("I am the person in it"),
    "provider": _("My network has to block it"),
    "visitor": _("I tried to open it and it was blocked"),
    "other": _("Something else"),
}
# The name of each kind of item: on its card, and in a sentence that doesn't show its address.
THINGS: dict[str, tuple[str | Promise, str | Promise]] = {
    "url": (_("Web address"), _("A web address")),
    "onion": (_("Onion address"), _("An onion address")),
    "magnet": (_("Magnet link"), _("A magnet link")),
    "ed2k": (_("ed2k link"), _("An ed2k link")),
    "file_hash": (_("File hash"), _("A file hash")),
    "account": (_("User name"), _("A user name")),
    "group": (_("Group"), _("A group")),
    "game": (_("Game"), _("A place in a game")),
    "newsgroup": (_("Newsgroup"), _("A newsgroup")),
    "phone": (_("Phone number"), _("A phone number")),
    "wallet": (_("Wallet"), _("A place to send money to")),
    "unknown": (_("Your words"), _("A place in your words")),
    "words": (_("In words"), _("What you wrote in your words")),
    "own": (_("Own picture"), _("The fingerprints of your picture")),
}


# What was recognised, as its reporter reads it before its name: with a service, where it has one.
AT_SERVICE: dict[str, str | Promise] = {
    "account": _("An account on %(service)s"),
    "group": _("A group on %(service)s"),
    "game": _("A place in the game %(service)s"),
    "phone": _("A phone number, for %(service)s"),
    "wallet": _("A place to send money to, for %(service)s"),
}
_MAIL, _BANK = _("An e-mail address"), _("A bank account")


def problem_sentence(code: str, values: Mapping[str, object] | None = None) -> str:
    """Return the sentence that says what is wrong and what would be right."""
    return str(_PROBLEMS[code]) % dict(values or {})


def list_sentence(code: str) -> str:
    """Return what keeps a list from being read, as part of a sentence."""
    return str(_LISTS[code])


def cell_sentence(column: str, code: str) -> str:
    """Return what is wrong with a cell of a list."""
    return str(_CELLS[code]) if column == "row" else f"{column}: {_CELLS[code]}"


def thing_label(kind: str) -> str:
    """Return the name of a kind of item on its card."""
    return str(THINGS[kind][0]) if kind in THINGS else kind


def thing_unnamed(kind: str) -> str:
    """Return the name of a kind of item when its address is not shown."""
    return str(THINGS[kind if kind in THINGS else "unknown"][1])


def what_it_is(kind: str, service: str) -> str:
    """Return in plain words what was recognised, for the place before its name."""
    if kind == "account" and service == "E-mail":
        return str(_MAIL)
    if kind == "wallet" and service == "IBAN":
        return str(_BANK)
    return str(AT_SERVICE[kind]) % {"service": service} if service and kind in AT_SERVICE else thing_unnamed(kind)


def recognised_heading(known: int, total: int) -> str:
    """Return a heading like "We recognised four of five": how much of the pasted text was understood."""
    if total == 0:
        return gettext("We keep what you wrote as it is")
    if known == total:
        return ngettext("We recognised one thing", "We recognised all %(total)s", total) % {"total": total}
    return gettext("We recognised %(known)s of %(total)s") % {"known": known, "total": total}
