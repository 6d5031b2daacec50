"""What is shown of a name in words."""

from django.utils.functional import Promise
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
    "notice_declined": _(
        "Whoever was asked about the domain name will not act. The page of the name shows why, and what else can be done."
    ),
    "name_act_overdue": _(
        "Something asked about the domain name has had no answer in time. The page of the name shows what, and can send a reminder."
    ),
    "name_hopped": _(
        "The same content or registrant was seen under another domain name. The page of the name shows which, and its cases."
    ),
}
# With what was asked, and until when there was time for an answer.
OVERDUE = _("“%(act)s”: no answer by %(moment)s. Send a reminder from the page of the domain name.")
