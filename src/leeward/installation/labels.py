"""Words for what can be set, in the reader's language: a name, what it does, and what is wrong with a value."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.installation.rules.choices import MOST_LETTERS, MOST_SERVERS, PROXY_PORTS, Choice, ports_of

GROUPS: dict[str, tuple[str | Promise, str | Promise]] = {
    "mail": (_("Mail out"), _("The server that our letters to the police, to hosts and to staff go by, and who they are from.")),
    "mailbox": (_("Mailbox for answers"), _("Where we read what the police and hosts answer by mail, and what comes back.")),
    "names": (_("Name servers"), _("Which servers we ask where a web address is.")),
    "fetching": (_("Fetching"), _("How we look at a reported page: how much, how long, and from which address.")),
    "times": (_("Waiting times and checks"), _("How long we wait for the police and for hosts, and how often we look again.")),
    "keeping": (_("How long things are kept"), _("When what a reporter gave us is deleted.")),
}  # fmt: skip

# Name -> what stands before the field, and what it does.
CHOICES: dict[str, tuple[str | Promise, str | Promise]] = {
    "smtp_host": (
        _("Mail server"),
        _("Its name, for example mail.hotline.example. Without one no letter goes out; letters wait until there is one."),
    ),
    "smtp_port": (_("Port"), _("587 for most servers, 465 where the line is protected from the start, 25 for one next door.")),
    "smtp_security": (
        _("Protection of the line"),
        _("A server that does not offer what is chosen here gets no letter. Without protection everybody on the way can read."),
    ),
    "smtp_user": (_("User name"), _("What we log in with. Empty: the server takes letters without a log-in.")),
    "smtp_password": (_("Password"), _("Kept sealed, never shown again and in no settings file.")),
    "mail_from": (_("Sender"), _("The address that stands in every letter.")),
    "mail_replies": (_("Answers go to"), _("The address of the mailbox for answers. Empty: the sender.")),
    "mail_bounces": (
        _("Letters that can’t be delivered come back to"),
        _(
            "Each letter gets an address of its own from it, such as bounces+17@hotline.example; your mail server must put "
            "them all into the mailbox for answers. Empty: they come back to the sender."
        ),
    ),
    "bounces_most": (
        _("Letters that come back before a contact counts as bad"),
        _("In a row, for good, without a sign of life. An address that is gone counts at once."),
    ),
    "mailbox_host": (
        _("Mailbox server"),
        _("Its name, for example mail.hotline.example. It is read by IMAP over a protected line. Empty: no mailbox is read."),
    ),
    "mailbox_port": (_("Port"), _("993.")),
    "mailbox_user": (_("User name"), _("Whose mailbox it is. Use one that nobody reads by hand: mails are marked as read.")),
    "mailbox_password": (_("Password"), _("Kept sealed, never shown again and in no settings file.")),
    "mailbox_folder": (_("Folder"), _("INBOX, unless the server sorts answers into another one.")),
    "dns_resolvers": (
        _("Name servers"),
        _("IP addresses, one a line. Empty: those of the machine. Choose ones that do not hide addresses from you."),
    ),
    "fetch_max_bytes": (_("Most bytes of a page or file"), _("Counted after unpacking. What is larger is not looked at.")),
    "fetch_seconds": (_("Most seconds for a page or file"), _("Whoever is slower counts as not answering.")),
    "fetch_max_files": (_("Most pictures and videos of a page"), _("So many are compared with what is known.")),
    "fetch_proxy": (
        _("Proxy for every look"),
        _(
            "For example socks5://127.0.0.1:1080. It also resolves the names of what is fetched. Empty: hosts see this machine’s own "
            "address and can know that it is you."
        ),
    ),
    "onion_proxy": (
        _("Tor"),
        _("For example socks5://127.0.0.1:9050. Empty: onion addresses are not looked at."),
    ),
    "police_wait_hours": (
        _("Hours that the police have before the host is told"),
        _("When they have not answered by then, the host is told all the same."),
    ),
    "hold_most_days": (_("Longest hold by the police, in days"), _("So long they can keep a host from being told.")),
    "ladder_hours": (_("Hours between two notices to a host"), _("Where the host does nothing, the next notice follows.")),
    "ladder_owner_step": (_("Tell the site owner at every n-th notice"), _("3: at the third, sixth, ninth notice.")),
    "ladder_upstream_step": (
        _("Tell the network and the registrar at every n-th notice"),
        _("6: at the sixth, twelfth notice."),
    ),
    "notify_foreign_hosts": (
        _("Tell hosts abroad directly"),
        _("For every hotline here. Without it each hotline chooses for itself."),
    ),
    "undo_seconds": (_("Seconds in which an act can be undone"), _("Until then nothing of it goes out. 0: nothing can be undone.")),
    "claim_minutes": (_("Minutes after which a case is free again"), _("Without a sign of life of whoever had taken it.")),
    "known_sample_percent": (
        _("Share of known-image cases still checked by a person (%)"),
        _("Of the cases that a known file decides without anybody seeing it."),
    ),
    "check_first_days": (_("Days with a check every hour"), _("After them once a day.")),
    "check_misses": (_("Checks that must find nothing"), _("In a row; then it counts as removed.")),
    "check_miss_minutes": (_("Least minutes between two such checks"), _("So that a short failure does not count as removal.")),
    "unreachable_days": (_("Days that a place that can’t be reached is tried"), _("After them a person decides.")),
    "contact_days": (
        _("Days that a reporter’s address is kept"),
        _("Counted from when everything they reported is closed. The public pages give this number."),
    ),
    "desk_days": (
        _("Days that desk time and previews of each person are kept"),
        _("For limits and supervisors. Only numbers are kept, never which pictures."),
    ),
    "draft_days": (_("Days that a half-written text is kept"), _("Notes and facts that somebody began and did not send.")),
}  # fmt: skip

OPTIONS: dict[str, str | Promise] = {
    "starttls": _("STARTTLS, mostly with port 587"),
    "tls": _("TLS from the start, mostly with port 465"),
    "none": _("none"),
}
_FAULTS: dict[str, str | Promise] = {
    "kind": _("This is not of the right kind."),
    "option": _("This is not one of the answers here. Choose one of them."),
    "missing": _("This is empty. Fill it in."),
    "range": _("This must be between %(least)s and %(most)s."),
    "port": _(
        "Here only these ports can be chosen: %(ports)s. Another one is set by whoever runs the machine, in its environment."
    ),
    "letters": _("This is longer than %(letters)s letters, or has a sign in it that can’t be typed."),
    "too_many": _("These are more than %(servers)s. Leave some out."),
    "servers": _("Each line must be an IP address, for example 192.0.2.53."),
    "host": _("This is not the name of a server. One looks like mail.hotline.example."),
    "mail": _("This is not a whole address. One looks like name@hotline.example."),
    "proxy": _("This must look like socks5://127.0.0.1:1080."),
    "proxy_port": _(
        "Here only these ports can be chosen: %(proxy_ports)s. Another one is set by whoever runs the machine, in its environment."
    ),
    "password": _("The server, its port, its protection or the user name has changed: type the password again."),
}


def fault_sentence(fault: str, choice: Choice) -> str:
    """What is wrong with a value, as a sentence."""
    return str(_FAULTS[fault]) % {
        "least": choice.least,
        "most": choice.most,
        "ports": ", ".join(map(str, ports_of(choice))),
        "proxy_ports": ", ".join(map(str, PROXY_PORTS)),
        "letters": MOST_LETTERS,
        "servers": MOST_SERVERS,
    }


def label_of(name: str) -> str:
    """What stands before the field of a choice."""
    return str(CHOICES[name][0])


def nobody_may() -> str:
    """Who may set what holds for every hotline, where no hotline here is meant."""
    return gettext("nobody on the desk sets what holds for every hotline here; LEEWARD_RUN_BY names no hotline")
