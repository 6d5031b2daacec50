"""What the codes of `rules/` mean, in words that people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "url": _("Web address"),
    "onion": _("Onion address"),
    "magnet": _("Magnet link"),
    "ed2k": _("ed2k link"),
    "file_hash": _("Fingerprint of a file"),
    "account": _("User name"),
    "newsgroup": _("Newsgroup"),
    "phone": _("Phone number"),
    "words": _("In words"),
    "unknown": _("Not sure yet"),
}
UNDONE: dict[str, str | Promise] = {
    "hxxp": _("We put the beginning right: hxxp."),
    "brackets": _("We undid the brackets."),
    "invisible": _("We took out invisible signs."),
    "wide": _("We made wide signs narrow."),
}
NOTES: dict[str, str | Promise] = {
    "shared_download": _("A shared download. We know it by this number."),
    "special_browser": _("Only reachable with a special browser. Please don’t open it again."),
    "onion_mistyped": _("An onion address, but something in it seems mistyped. We keep it as it is."),
    "looks_like_another": _("The name mixes alphabets, as imitations do. We keep it as it is."),
}
PROBLEMS: dict[str, str | Promise] = {
    "no_place": _("We don’t know yet where this is."),
    "no_hash_in_magnet": _("This magnet link names no file."),
    "no_hash_in_ed2k": _("This ed2k link names no file."),
    "wrong_hash_length": _("This fingerprint has the wrong length for its kind."),
    "not_a_web_address": _("This is not a web address that a browser can open."),
}
