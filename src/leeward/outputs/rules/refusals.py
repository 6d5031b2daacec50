"""Why something can't be exported: a stable code, where, and one sentence. Pure."""

from dataclasses import dataclass

from leeward.foundation.lazy_text import LazyText as _

SENTENCES: dict[str, _] = {
    "not_decided": _("The case was not decided as illegal."),
    "kept_quiet": _("Whoever reported it asked that nobody is told."),
    "no_web_address": _("It has no address on the web."),
    "only_national": _("The format has no value for material that is illegal by national law only."),
    "no_class": _("The facts leave open which class it is."),
    "no_grade": _("The facts leave open whether it is baseline or national."),
    "no_ip": _("The format needs an IP address, and none is known."),
    "no_contact": _("The hotline has no e-mail address by which it can be reached."),
    "name_too_short": _("The hotline’s name is too short for the format."),
    "schema": _("It does not fit the format’s schema."),
    "evidence": _("It carries evidence, and content never leaves."),
    "internal": _("It carries fields that are never sent."),
    "unknown_hash": _("It carries a hash of a kind that the format does not know."),
    "not_base64": _("A part that should be base64 is not."),
    "reporter": _("It would say who reported."),
    "malformed": _("It can’t be read."),
    "doctype": _("It holds a document type, which is never read."),
    "too_long": _("A field is longer than its receiver takes."),
    "no_email": _("The person who reports has no e-mail address."),
    "no_zone": _("A time has no time zone."),
    "not_past": _("The incident is not in the past."),
    "exif_unviewed": _("It says that details of a file were viewed, and the file not."),
    "not_reported_file": _("Only a reported file may be classified."),
    "vocabulary": _("It holds a value that the receiver’s list does not have."),
    "reason_misplaced": _("A reason is given where none is taken, or missing."),
    "crossed": _("User-generated and child modelling contradict the facts."),
    "address_missing": _("It does not name the exact address."),
    "reference_bad": _("The reference has characters that the receiver does not take."),
    "good_faith_missing": _("The statement of good faith is missing."),
    "count_bad": _("The figures don’t add up."),
    "no_log": _("The log holds nothing about this case."),
    "manifest_bad": _("The list of files does not fit the files."),
    "proof_bad": _("A proof that a row stands in the log does not hold."),
    "no_typology": _("Choose what it is about: live-streamed abuse, or threats to get money."),
    "nobody_paid": _("Nothing in the case says where money goes."),
    "fiu_schema": _("It does not fit the schema of the financial intelligence unit."),
    "unknown_exploitation": _("This is no kind of exploitation that the format knows."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: its code, and the part of the document that is at fault."""

    code: str
    where: str = ""

    @property
    def sentence(self) -> _:
        """Return the reason as a sentence."""
        return SENTENCES[self.code]


def written(refusals: tuple[Refusal, ...]) -> list[list[str]]:
    """Return refusals as plain JSON values."""
    return [[one.code, one.where] for one in refusals]


def read(values: object) -> tuple[Refusal, ...]:
    """Return the refusals that `written` made."""
    return tuple(Refusal(code, where) for code, where in values) if isinstance(values, list) else ()
