"""Why an address can't be listed: every reason that this slice's rules show to people. Marked here, translated when
shown.
"""

from leeward.foundation.lazy_text import gettext_noop as _

ELSEWHERE = _("it would not block this address")
NO_ADDRESS = _("the address is missing")
NO_SCOPE = _("the scope %(word)s is not one of %(scopes)s")
NO_TEXT = _("it contains bytes that are not text")
A_SPACE = _("it contains a space")
NO_WEB_ADDRESS = _("it is not a web address")
NO_DOT = _("its host has no dot")
EMPTY_LABEL = _("its host has an empty label")
LONG_LABEL = _("a label of its host is longer than %(most)s characters")
LONG_NAME = _("its host is longer than %(most)s characters")
NO_COLUMN = _("its first line has no column named %(names)s")
WRONG_QUOTES = _("its quotation marks don’t match")
A_STAR = _("a * is allowed only as *. at the beginning of a line")
NO_RECORD = _("it is not a record of a policy zone")
NO_VALUE = _("the record has no value")
LONE_WILDCARD = _("the wildcard has no name after it")
EXCEPTION = _("it is an exception, not a block")
OUTSIDE = _("the name lies outside the zone")
OTHER_TRIGGER = _("it is a rule on addresses or servers, not on a name")
BAD_ESCAPE = _("a character is escaped incorrectly")
DOT_IN_LABEL = _("a label contains a dot, which no address can have")
HAS_PATH = _("it has a path; a host or a domain can’t have one")
NOT_A_FOLDER = _("a path must end with a slash and have no query")
ROOT = _("for the root, use the scope host")
DEEP_FOLDER = _("a path may have at most %(most)s folders")
NUMBER = _("a numeric address has no sub-names; use the scope host")
MANY_OWNERS = _("names with many different owners are below it")
DEEP_NAME = _("a domain may be at most %(most)s labels below %(site)s")
