"""What the upload check says of a file, from what the bank knows of it. Pure."""

from collections.abc import Iterable, Mapping

from leeward.hashbank.records.rows import Known
from leeward.matching.lists import Answer, Asked

_SCALES = (("a1_b2", "{}"), ("uk", "UK {}"), ("interpol", "{}"), ("sap", "SAP {}"), ("copine", "COPINE {}"))


def answer_of(asked: Asked, rows: Iterable[Known]) -> Answer:
    """The answer for one file: a known file is to be blocked, a picture that looks like one is for a person to look at.

    `rows` come with the strongest first; records of harmless banks are no match.
    """
    best = next((row for row in rows if not row.is_harmless), None)
    if best is None:
        return Answer("none", None, None, None, None, "review" if asked.is_broken else "allow", asked.note)
    is_same = best.match == "known"
    return Answer(
        match="known" if is_same else "near",
        distance=best.distance_bits,
        bank=best.bank,
        classification=short_classification(best.classification, best.labels),
        record=best.record_id,
        advice="block" if is_same else "review",
        note=asked.note,
    )


def short_classification(levels: Mapping[str, str], labels: Iterable[str]) -> str | None:
    """One word or two for what a record shows: the industry's A1 to B2, else a country's scale, else a source's own label."""
    for scheme, form in _SCALES:
        level = levels.get(scheme)
        if level and level not in ("none", "not baseline"):
            return form.format(level)
    return next(iter(labels), None)
