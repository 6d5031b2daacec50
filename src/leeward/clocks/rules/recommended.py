"""The kinds of clocks, and for each the rule that applies until a hotline sets its own. Pure."""

from leeward.clocks.rules.due import Rule, Step

# What clocks measure; in an urgent case, the first assessment and the clocks about the police have rules of their own.
KINDS = (
    "first_assessment", "police_told", "police_answered", "host_told", "removed", "peer_answered", "protection_answered",
    "appeal",
)  # fmt: skip
URGENT = {"first_assessment": "urgent_assessment", "police_told": "urgent_told", "police_answered": "urgent_answered"}
RULE_KINDS = ("urgent_assessment", "urgent_told", "urgent_answered", *KINDS)
HOLD = ("police_hold",)


def _steps(remind: float | None, reassign: float | None, page: float | None) -> tuple[Step, ...]:
    given = (("remind", remind), ("reassign", reassign), ("page", page))
    return tuple(Step(act, hours) for act, hours in given if hours is not None)


RECOMMENDED = {
    "urgent_assessment": Rule(1, "hours", (), _steps(0.5, 0.25, 0)),
    "urgent_told": Rule(1, "hours", (), _steps(0.5, 0.25, 0.25)),
    "urgent_answered": Rule(2, "hours", (), _steps(1, None, 1)),
    "first_assessment": Rule(24, "open_hours", (), _steps(4, 2, 0)),
    "police_told": Rule(24, "hours", (), _steps(6, 3, 0)),
    "police_answered": Rule(2, "working_days", (), _steps(None, None, 4)),
    # The police have a day to answer before the host is told; after that the notice goes out within minutes.
    "host_told": Rule(26, "hours", HOLD, _steps(None, None, 0)),
    "removed": Rule(24, "hours", HOLD, _steps(None, None, -48)),
    "peer_answered": Rule(3, "working_days", (), _steps(None, None, 0)),
    "protection_answered": Rule(3, "working_days", (), _steps(24, None, 0)),
    "appeal": Rule(5, "working_days", (), _steps(24, None, 0)),
}
# Clocks whose work a colleague can take over; the others wait for people outside.
CAN_BE_GIVEN = frozenset({"urgent_assessment", "urgent_told", "first_assessment", "police_told"})
MOST = {"hours": 24 * 30, "open_hours": 24 * 20, "working_days": 60}
LEAST = {"hours": 0.5, "open_hours": 1, "working_days": 1}
# A child may be in danger: such a clock runs day and night, for at most this long, and people are paged before it is
# over.
MOST_URGENT_HOURS = {"urgent_assessment": 4, "urgent_told": 4, "urgent_answered": 12}
MOST_HOURS_AFTER = 24 * 14


def wrong_with(kind: str, rule: Rule) -> tuple[str, str] | None:
    """Return the invalid part of a rule and why, or None. Used both when a rule is set and when one is read."""
    if not LEAST[rule.unit] <= rule.amount <= MOST[rule.unit]:
        return "amount", "out_of_range"
    if rule.unit == "working_days" and rule.amount != int(rule.amount):
        return "amount", "not_whole"
    for step in rule.steps:
        if step.act == "reassign" and kind not in CAN_BE_GIVEN:
            return step.act, "nobody_holds_it"
        if step.hours_before > rule.hours_at_least and step.hours_before > 0:
            return step.act, "before_the_start"
        if step.hours_before < -MOST_HOURS_AFTER:
            return step.act, "too_late"
    return _wrong_with_urgent(kind, rule) if kind in MOST_URGENT_HOURS else None


def _wrong_with_urgent(kind: str, rule: Rule) -> tuple[str, str] | None:
    if rule.unit != "hours":
        return "unit", "urgent_runs_always"
    if rule.pauses:
        return "pauses", "urgent_runs_always"
    if rule.amount > MOST_URGENT_HOURS[kind]:
        return "amount", "urgent_too_long"
    if not any(step.act == "page" and step.hours_before >= 0 for step in rule.steps):
        return "page", "urgent_must_page"
    return None


def in_force(kind: str, rule: Rule) -> Rule:
    """Return a rule that was set, or the recommended one if that rule is not valid (any more)."""
    return RECOMMENDED[kind] if wrong_with(kind, rule) else rule
