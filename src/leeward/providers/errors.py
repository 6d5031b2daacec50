"""Why a report of a provider, or an act about one, is refused; and the sentence for each reason by which a line isn't taken."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

LINE_REFUSALS: dict[str, object] = {
    "not_utf8": _("it is not text (UTF-8)"),
    "not_json": _("it is not JSON"),
    "not_object": _("it is not an object, or a part of it that must be one is none"),
    "field_twice": _("it has a field twice"),
    "unknown_field": _("it has a field that isn’t known"),
    "content": _("it looks like content: state the hash, never the file"),
    "missing": _("a field is missing"),
    "not_text": _("this must be text"),
    "too_long": _("it is too long"),
    "not_listed": _("this is none of the values that are taken"),
    "not_yes_or_no": _("this must be true or false"),
    "not_a_number": _("this must be a whole number within its limits"),
    "not_a_list": _("this must be a list"),
    "too_many": _("the list has too many entries"),
    "bad_time": _("this is no time, written as 2026-01-31T09:00:00Z"),
    "no_zone": _("the time has no zone: end it with Z or +01:00"),
    "in_future": _("the time is in the future"),
    "bad_address": _("this is no address of a page or file"),
    "bad_ip": _("this is no IP address"),
    "bad_country": _("this is no country’s two capital letters"),
    "bad_reference": _("a reference has up to 100 letters, digits and . _ : / # -"),
    "bad_incident": _("this is no incident number of a receipt"),
    "hash_kind": _("the kind of hash is none of md5, sha1, sha256, sha512 and pdq"),
    "hash_length": _("the hash has the wrong length for its kind"),
    "hash_digits": _("the hash is not in hexadecimal digits"),
    "nothing_reported": _("it reports nothing: no address, account, event, file or words"),
    "of_first": _("a first report has no earlier one: say which kind it is"),
    "of_missing": _("it doesn’t say which report it is about"),
    "unknown_incident": _("there is no such report of yours"),
    "was_withdrawn": _("the report that it is about was withdrawn"),
    "privileged": _(
        "you declared legal privilege. Where the law excuses what a lawyer was told in confidence, it need not be "
        "reported, and nothing of this line was kept"
    ),
}


class ProviderNotApproved(LeewardError):
    """The provider isn't approved, or not any more."""

    code = "provider_not_approved"
    sentence = _("This provider can’t report here: it is not approved, or it was suspended.")
    hint = _("Nothing was taken. Call the hotline; where a child is in danger now, call the police.")
    status = 403


class KeyOfNobody(LeewardError):
    """The key has the scope, and belongs to no provider."""

    code = "key_of_no_provider"
    sentence = _("This key belongs to no provider, or it was stopped.")
    hint = _("Ask the hotline for a key of your own.")
    status = 403


class OnceUsed(LeewardError):
    """The idempotency key came before, with another body."""

    code = "idempotency_key_used"
    sentence = _("This idempotency key was used before, for something else.")
    hint = _("Nothing was taken. Use a new key for each batch, and the same one only to repeat it.")
    status = 409


class NoLineTaken(LeewardError):
    """No line of a batch could be taken."""

    code = "no_line_taken"
    sentence = _("None of the lines could be taken. The first: {why}.")
    hint = _("Correct them and send them again; nothing was kept.")
    status = 422


class TooMuchInBatch(LeewardError):
    """A batch has too many lines or bytes."""

    code = "too_much_at_once"
    sentence = _("That is too much at once: a batch has at most {lines} lines and {bytes} bytes.")
    hint = _("Nothing was taken. Send it in several batches, each with a key of its own.")
    status = 413


class TooManyAtDoor(LeewardError):
    """Very many forms came from one place, or by one link."""

    code = "too_many_tries"
    sentence = _("That was too much in a short time.")
    hint = _("Nothing was taken. Wait a few minutes and send it again.")
    status = 429


class DecisionTooLate(LeewardError):
    """What is to be decided was decided meanwhile, or can't be."""

    code = "provider_not_decidable"
    sentence = _("This can’t be decided so any more.")
    hint = _("Look at the page again: somebody else decided meanwhile.")
    status = 409


class NotProposed(LeewardError):
    """Nobody has proposed yet to let a provider in, so nobody can be the second person."""

    code = "provider_not_proposed"
    sentence = _("Nobody has proposed this yet: two people let a provider in.")
    hint = _("Propose it on the provider’s page; then somebody else approves it.")
    status = 409
