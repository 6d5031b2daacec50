"""Labels for settings, in the reader's language: a name, what it does, and what is wrong with a value."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.installation.rules.choices import MOST_LETTERS, MOST_SERVERS, PROXY_PORTS, Choice, ports_of

GROUPS: dict[str, tuple[str | Promise, str | Promise]] = {
    "mail": (_("Outgoing mail"), _(
"The server that sends our messages to the police, to hosts and to staff, and "
"their sender."
)),
    "mailbox": (_("Mailbox for answers"), _("Where we read answers by mail from the police and hosts, and bounces.")),
    "names": (_("Name servers"), _("Which servers we ask where a web address is.")),
    "fetching": (_("Fetching"), _("How reported pages are fetched: how much, how long, and from which address.")),
    "times": (_("Waiting times and checks"), _("How long we wait for the police and for hosts, and how often we check.")),
    "keeping": (_("How long things are kept"), _("When what a reporter gave us is deleted.")),
}  # fmt: skip

# Name -> the label of the field, and what it does.
CHOICES: dict[str, tuple[str | Promise, str | Promise]] = {
    "smtp_host": (
        _("Mail server"),
        _(
"Its name, for example mail.hotline.example. Without one no messages are sent; they wait until "
"there is one."
),
    ),
    "smtp_port": (_("Port"), _(
"587 for most servers, 465 for TLS from the start, 25 for a server on the local "
"network."
)),
    "smtp_security": (
        _("Connection security"),
        _(
"If a server does not offer what is chosen here, nothing is sent. Without protection, anybody "
"on the way can read the messages."
),
    ),
    "smtp_user": (_("User name"), _("The user name for the mail server. Empty: it accepts messages without a log-in.")),
    "smtp_password": (_("Password"), _("Stored encrypted, never shown again and in no settings file.")),
    "mail_from": (_("Sender"), _("The sender’s address in every message.")),
    "mail_replies": (_("Answers go to"), _("The address of the mailbox for answers. Empty: the sender.")),
    "mail_bounces": (
        _("Bounces go to"),
        _(

"Each message gets its own address made from it, such as bounces+17@hotline.example; your "
"mail server must deliver all of them to the mailbox for answers. Empty: bounces go to the "
"sender."

        ),
    ),
    "bounces_most": (
        _("Bounces before a contact counts as bad"),
        _("Permanent bounces in a row, without a sign of life. An address that no longer exists counts at once."),
    ),
    "mailbox_host": (
        _("Mailbox server"),
        _(
"Its name, for example mail.hotline.example. It is read by IMAP over an encrypted connection. "
"Empty: no mailbox is read."
),
    ),
    "mailbox_port": (_("Port"), _("993.")),
    "mailbox_user": (_("User name"), _(
"The user name of the mailbox. Use one that nobody reads by hand: mails are "
"marked as read."
)),
    "mailbox_password": (_("Password"), _("Stored encrypted, never shown again and in no settings file.")),
    "mailbox_folder": (_("Folder"), _("INBOX, unless the server sorts answers into another one.")),
    "dns_resolvers": (
        _("Name servers"),
        _("IP addresses, one a line. Empty: those of the machine. Choose ones that do not hide addresses from you."),
    ),
    "fetch_max_bytes": (_("Largest page or file, in bytes"), _("Counted after unpacking. Anything larger is not fetched.")),
    "fetch_seconds": (_("Longest fetch of a page or file, in seconds"), _("Anything slower counts as not answering.")),
    "fetch_max_files": (_("Most pictures and videos of a page"), _("This many are compared with known images.")),
    "fetch_proxy": (
        _("Proxy for every fetch"),
        _(
            "For example socks5://127.0.0.1:1080. It also resolves the names of what is fetched. Empty: hosts see this machine’s own "
            "address and can know that it is you."
        ),
    ),
    "onion_proxy": (
        _("Tor"),
        _("For example socks5://127.0.0.1:9050. Empty: onion addresses are not fetched."),
    ),
    "police_wait_hours": (
        _("Hours that the police have before the host is told"),
        _("If they have not answered by then, the host is told anyway."),
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
    "claim_minutes": (_("Minutes until an idle case is free again"), _("Without activity by whoever took it.")),
    "known_sample_percent": (
        _("Share of known-image cases still checked by a person (%)"),
        _("Of the cases that are decided by a known file without anybody viewing it."),
    ),
    "check_first_days": (_("Days with a check every hour"), _("After them once a day.")),
    "check_misses": (_("Checks that must find nothing"), _("In a row; then it counts as removed.")),
    "check_miss_minutes": (_("Minimum minutes between two such checks"), _("So that a short failure does not count as removal.")),
    "unreachable_days": (_("Days to retry a location that can’t be reached"), _("After them a person decides.")),
    "contact_days": (
        _("Days to keep a reporter’s contact"),
        _("Counted from when everything they reported is closed. The public pages give this number."),
    ),
    "desk_days": (
        _("Days to keep each person’s desk time and previews"),
        _("For limits and supervisors. Only numbers are kept, never which pictures."),
    ),
    "draft_days": (_("Days to keep drafts"), _("Notes and facts that somebody started and did not send.")),
}  # fmt: skip

OPTIONS: dict[str, str | Promise] = {
    "starttls": _("STARTTLS, usually with port 587"),
    "tls": _("TLS from the start, usually with port 465"),
    "none": _("none"),
}
_FAULTS: dict[str, str | Promise] = {
    "kind": _("This has the wrong type."),
    "option": _("This is not one of the answers here. Choose one of them."),
    "missing": _("This is empty. Fill it in."),
    "range": _("This must be between %(least)s and %(most)s."),
    "port": _(
        "Here only these ports can be chosen: %(ports)s. Another one is set by whoever runs the machine, in its environment."
    ),
    "letters": _("This is longer than %(letters)s characters, or has a character that can’t be typed."),
    "too_many": _("These are more than %(servers)s. Leave some out."),
    "servers": _("Each line must be an IP address, for example 192.0.2.53."),
    "host": _("This is not the name of a server. One looks like mail.hotline.example."),
    "mail": _("This is not a complete address. One looks like name@hotline.example."),
    "proxy": _("This must look like socks5://127.0.0.1:1080."),
    "proxy_port": _(
        "Here only these ports can be chosen: %(proxy_ports)s. Another one is set by whoever runs the machine, in its environment."
    ),
    "password": _("The server, its port, its security or the user name has changed: type the password again."),
}


def fault_sentence(fault: str, choice: Choice) -> str:
    """Return what is wrong with a value, as a sentence."""
    return str(_FAULTS[fault]) % {
        "least": choice.least,
        "most": choice.most,
        "ports": ", ".join(map(str, ports_of(choice))),
        "proxy_ports": ", ".join(map(str, PROXY_PORTS)),
        "letters": MOST_LETTERS,
        "servers": MOST_SERVERS,
    }


def label_of(name: str) -> str:
    """Return the label of a setting's field."""
    return str(CHOICES[name][0])


def nobody_may() -> str:
    """Return who may change settings for every hotline, without reference to a particular hotline."""
    return gettext("nobody on the desk can set what applies to every hotline here; LEEWARD_RUN_BY names no hotline")
