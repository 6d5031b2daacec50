"""What an office is told about a child, as it is kept; and what it can answer."""

from datetime import UTC, datetime

from leeward.notices.rules.answers import OUTCOMES, POLICE_OUTCOMES, outcomes_for
from leeward.notices.rules.at_risk import NO_ANSWER, AtRisk, read, written


def test_what_was_said_is_kept_whole_and_what_was_never_said_is_empty() -> None:
    at = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
    said = AtRisk("c", "p", (("police_told", at), ("removed", at)), at)
    kept = {
        "child": "c",
        "place": "p",
        "done": [["police_told", at.isoformat()], ["removed", at.isoformat()]],
        "answer_by": at.isoformat(),
    }
    assert written(said) == kept
    assert read(kept) == said
    assert read({}) == AtRisk()
    assert written(AtRisk()) == {"child": "", "place": "", "done": [], "answer_by": ""}
    assert read(written(AtRisk("c"))) == AtRisk("c")


def test_each_kind_of_recipient_has_a_vocabulary_of_its_own() -> None:
    office = ("child_safe", "looked_after", "passed_on", "not_traced", "no_danger", "other")
    assert outcomes_for("protection") == office
    assert outcomes_for("referral") == outcomes_for("forward") == POLICE_OUTCOMES
    assert NO_ANSWER not in (*office, *POLICE_OUTCOMES), "nobody outside says that they won't answer"
    assert set(OUTCOMES) == {*office, *POLICE_OUTCOMES, NO_ANSWER}
    assert len(OUTCOMES) == len(set(OUTCOMES))
