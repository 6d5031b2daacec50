"""Every sentence that this slice's rules show to people, by its code. Marked here, translated when shown."""

from leeward.foundation.lazy_text import gettext_noop as _

PROBLEMS = {
    "not_recognised": _("We could not tell what kind of address this is."),
    "no_host": _("This has no host name."),
    "bad_host": _("This host name can't exist."),
    "bad_url": _("This is not a web address that a browser could open."),
    "other_scheme": _("Only web addresses (http, https) and ftp can be read here."),
    "two_schemes": _("It begins with http:// twice; leave one of them out."),
    "too_long": _("This is longer than a web address can be."),
    "bad_magnet": _("This magnet link names no torrent that we can read."),
    "bad_ed2k": _("This ed2k link is not complete."),
    "bad_phone": _("This is too short or too long for a telephone number."),
}

SUSPICIOUS = ("mixed_scripts", "lookalike", "onion_checksum", "onion_old", "onion_length")
NOTES = {
    "mixed_scripts": _("The host name mixes letters of several scripts; it may imitate another name."),
    "lookalike": _("The host name is written in letters that look like Latin ones; it may imitate another name."),
    "onion_checksum": _("The check digits of this onion address are wrong: it may be mistyped."),
    "onion_old": _("This is an onion address of the old kind, which no longer works."),
    "onion_length": _("An onion address has 56 letters and digits; this one doesn’t."),
    "credentials_removed": _("A name and password in the address were left out."),
    "fragment_dropped": _("The part after # was left out; we still have it as you typed it."),
    "scheme_assumed": _("No http or https was given; http is assumed."),
    "no_country_code": _("The telephone number has no country code."),
    "sha1_or_torrent": _("Forty letters and digits can be a SHA-1 hash or the name of a torrent."),
    "hidden_letters": _("Invisible characters were left out."),
}
