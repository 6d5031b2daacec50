"""Errors about time rules."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError

_WHY: dict[str, str | Promise] = {
    "out_of_range": _("The time is too short or too long"),
    "not_whole": _("Working days are counted whole"),
    "nobody_holds_it": _("Nobody at the hotline holds such a case, so it can’t be given to somebody else"),
    "before_the_start": _("The step would come before the clock starts"),
    "too_late": _("The step would come more than two weeks after it was due"),
    "urgent_runs_always": _(
        "A clock of urgent cases runs day and night and is never paused, so it is counted in hours"
    ),
    "urgent_too_long": _(
        "A child may be in danger: assessing an urgent case and telling the police may take 4 hours at most, and "
        "their answer 12"
    ),
    "urgent_must_page": _("A clock of urgent cases must page somebody, at the latest when the time is over"),
}


class RuleIsWrong(LeewardError):
    """A part of a rule is invalid; `part` is its name."""

    code = "clock_rule_wrong"
    sentence = "{why}."
    hint = _("Change it and check again; nothing was changed.")

    def __init__(self, part: str, why: str) -> None:
        self.part = part
        super().__init__(why=str(_WHY[why]))
