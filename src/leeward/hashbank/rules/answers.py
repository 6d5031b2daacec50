"""The upload check's answer for a file, from what the bank knows of it. Pure."""

from collections.abc import Iterable, Mapping

from leeward.hashbank.records.rows import Known
from leeward.hashbank.rules.standing import CONFIRMED, CONFLICT, QUARANTINED
from leeward.matching.lists import Answer, Lookup
from leeward.matching.lists.digests import DULL_NOTE

_SCALES = (("a1_b2", "{}"), ("uk", "UK {}"), ("interpol", "{}"), ("sap", "SAP {}"), ("copine", "COPINE {}"))


NOTES = {
    CONFLICT: "It is called illegal and also a harmless look-alike; a person has to look.",
    QUARANTINED: "It is called illegal and also not illegal; a person has to look.",
}
OWN_PICTURES = "own pictures"
OWN_PICTURE_NOTE = (
    "A person says that this is a picture of themselves and wants it gone. Nobody has assessed that: a person has to look before anything "
    "is done, and the person in it is not to be reported."
)
OWN_PICTURE_COMMON = "It matches so many uploads that it may be a picture which many people have, such as a logo; the hotline looks into that."
DOUBTED = "This match is doubted and waits for a person at the hotline."
UNCONFIRMED = "Only programs whose holder nobody has confirmed call it illegal; a person has to look."
MIXED = "One digest is the record's, another is not; a person has to look."


def note_on(
    state: str, *, is_doubted: bool, is_dull: bool = False, is_mixed: bool = False, is_unconfirmed: bool = False
) -> str | None:
    """Return why a person has to review a match; None where nothing speaks against it.

    `is_dull`: it was matched only by pictures with little detail. `is_mixed`: only some of the digests are equal.
    `is_unconfirmed`: only keys whose holder nobody has confirmed call the record illegal.
    """
    if is_unconfirmed:
        return UNCONFIRMED
    return NOTES.get(state, DOUBTED if is_doubted else MIXED if is_mixed else DULL_NOTE if is_dull else None)


def joined_notes(*notes: str | None) -> str | None:
    """Join the notes of one answer, without duplicates."""
    return " ".join(dict.fromkeys(note for note in notes if note)) or None


def answer_of(lookup: Lookup, rows: Iterable[Known]) -> Answer:
    """Return the answer for one file: block a known file; leave to a person what looks like one, what sources disagree
    about, and what is doubted.

    `rows` come strongest first; harmless records are not matches.
    """
    best = next((row for row in rows if not row.is_harmless or row.match == CONFLICT), None)
    if best is None:
        return Answer("none", None, None, None, None, "review" if lookup.is_broken else "allow", lookup.note)
    is_sure = best.match == "known" and best.state == CONFIRMED
    return Answer(
        match="known" if best.is_same_file else "near",
        distance=best.distance_bits,
        bank=best.bank,
        classification=short_classification(best.classification, best.labels),
        record=best.record_id,
        advice="block" if is_sure else "review",
        note=joined_notes(best.note, lookup.note),
    )


def own_picture_answer(bits: int, note: str | None, *, is_common: bool) -> Answer:
    """Return the answer for a file that is like a picture which somebody says is of themselves. Nobody has assessed
    that, so it is for review by a person and never "known", whatever it equals. `is_common`: its fingerprint matches more
    than a picture in wide circulation does.
    """
    notes = joined_notes(OWN_PICTURE_NOTE, OWN_PICTURE_COMMON if is_common else None, note)
    return Answer("near", bits, OWN_PICTURES, None, None, "review", notes)


def short_classification(levels: Mapping[str, str], labels: Iterable[str]) -> str | None:
    """Return a short classification of a record: the industry's A1 to B2, else a country's scale, else a source's own
    label.
    """
    for scheme, form in _SCALES:
        level = levels.get(scheme)
        if level and level not in ("none", "not baseline"):
            return form.format(level)
    return next(iter(labels), None)
