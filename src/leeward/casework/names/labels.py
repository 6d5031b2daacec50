"""What is shown of a name in words."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

STATEMENTS: dict[str, Promise] = {
    "privacy_service": _("A privacy service stands in for the registrant."),
    "redacted": _("The registrant’s data are withheld, as they are for most names."),
    "mailbox": _("The e-mail address is well formed."),
    "odd_mailbox": _("The e-mail address is not well formed."),
    "no_mailbox": _("No e-mail address is given."),
    "phone": _("The telephone number is well formed."),
    "odd_phone": _("The telephone number is not well formed."),
    "no_phone": _("No telephone number is given."),
    "postcode": _("The postcode is written as in this country: %(more)s."),
    "odd_postcode": _("The postcode is not written as in this country: %(more)s."),
    "no_postcode": _("There is no postcode that can be compared with the country."),
    "young": _("The name was registered %(more)s days ago."),
    "old": _("The name was registered %(more)s days ago."),
    "elsewhere": _("Other names here with the same registrant: %(more)s."),
}
STANDINGS: dict[str, Promise] = {
    "sound": _("fits"),
    "odd": _("stands out"),
    "unverifiable": _("can’t be verified"),
}
BY: dict[str, Promise] = {"content": _("same content"), "registrant": _("same registrant")}
REASONS: dict[str, Promise] = {
    "recipient": _("To decide whom to write to"),
    "links": _("To see which names belong together"),
    "police": _("The police asked for it"),
    "accuracy": _("To report data that don’t fit"),
}
NEWS_OF_NAMES = {
    "notice_moved": _("The host says that it moved"),
    "notice_declined": format_lazy("{}: {}", _("Domain name"), _("will not act")),
    "name_act_overdue": format_lazy("{}: {}", _("Domain name"), _("overdue")),
    "name_hopped": format_lazy("{}: {}", _("Domain name"), _("Other names")),
}
