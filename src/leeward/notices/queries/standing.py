"""What is true of each message of the outbox, in sentences of its own."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from leeward.backup.queries import RestorationRow, is_held, last_restoration
from leeward.notices.channels import registry
from leeward.notices.models import Message, NoticeItem
from leeward.notices.queries.labels import problem_word
from leeward.notices.queries.sent_since import HELD, LeftRow, is_written_since
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.rules.name_acts import NAME_KINDS, TO_OUR_POLICE
from leeward.notices.rules.police_first import WAITS

UNSENT = ("waiting", "failed")
DECIDED = ("unsure", "dead")  # by a person


def standing_of(rows: Sequence[Message], left: Mapping[int, LeftRow]) -> dict[int, list[str]]:
    """Return, by message, what is true of it beside what the mail server says of it (`left`). Three queries at most, in the hotline's
    scope."""
    nothing_goes = any(row.state in UNSENT for row in rows) and is_held()
    restored = last_restoration() if any(row.problem in HELD for row in rows) else None
    states = _states_about([row for row in rows if row.state in DECIDED])
    found = {}
    for row in rows:
        mine = left.get(row.pk)
        sentences = [] if mine is not None and mine.has_left else _what_happened(row, restored)
        if row.state in UNSENT and nothing_goes:
            sentences.append(str(registry.sentence_of("held")))
        found[row.pk] = sentences + _if_sent_again(states.get(row.pk, set()))
    return found


def _what_happened(row: Message, restored: RestorationRow | None) -> list[str]:
    is_left = row.state == "unsure" and row.problem in HELD
    if is_left and is_written_since(row, restored):
        return [_("It was written here since then, so it has not left. One like it may have left before.")]
    happened = [problem_word(row.problem)] if row.problem else []
    if row.state == "unsure" and not is_left:
        happened.append(_("It may have arrived, so it never goes again by itself."))
    return happened


def _if_sent_again(states: set[str]) -> list[str]:
    if states == {"stopped"}:
        return [_("There is nothing left to say: sending it again sends nothing.")]
    if states & {*WAITS} and "open" not in states:
        return [_("Sent again, it waits until the police let the host be told.")]
    return []


def _states_about(rows: Sequence[Message]) -> dict[int, set[str]]:
    """Return the states of the cases that notices are about, by message, of those to others than our police."""
    numbers = {row.subject_id: row.pk for row in rows if row.kind == "notice"}
    kinds = {*LADDER_KINDS, *NAME_KINDS} - {*TO_OUR_POLICE}
    about = (
        NoticeItem.objects.filter(notice__in=numbers, notice__kind__in=kinds) if numbers else NoticeItem.objects.none()
    )
    found: dict[int, set[str]] = {}
    for notice, state in about.values_list("notice", "notice_case__state"):
        found.setdefault(numbers[notice], set()).add(state)
    return found
