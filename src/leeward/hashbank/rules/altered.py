"""The upload check's answer for a picture that is known only once an alteration is undone. Pure."""

from leeward.hashbank.records.rows import AlteredKnown
from leeward.hashbank.rules.answers import short_classification
from leeward.matching.lists import Answer, Lookup


def altered_answer(lookup: Lookup, altered: AlteredKnown) -> Answer:
    """Return the answer "altered" for the matched record: for review by a person, whatever the record's own standing."""
    return Answer(
        match="altered",
        distance=altered.distance_bits,
        bank=altered.known.bank,
        classification=short_classification(altered.known.classification, altered.known.labels),
        record=altered.known.record_id,
        advice="review",
        note=lookup.note,
        alteration=altered.alteration,
    )
