"""When a decision about what records mean takes a second person. Pure.

One person may call illegal what nobody here has denied, as whoever assesses a case does. Whatever takes a record out of
what is known, makes it known again or ends what people here settled takes two. So does a list that does more than add
what a registered source says.
"""

from collections.abc import Mapping

from leeward.hashbank.rules.standing import CONFIRM, HARMLESS_STATE, WITHDRAWN


def vote_takes_two(
    verdict: str, *, before: str, after: str, ours: str | None, ruling: str | None, is_unconfirmed: bool
) -> bool:
    """Return whether a vote of this hotline waits for a second person.

    `before`, `after`: the record's state without and with it; `ours`: what this hotline says now; `ruling`: what the
    record was settled as; `is_unconfirmed`: so far only keys whose holder nobody has confirmed call it illegal.
    """
    if ruling not in (None, verdict):
        return True
    is_first_call = verdict == CONFIRM and ours is None and (before in (WITHDRAWN, HARMLESS_STATE) or is_unconfirmed)
    return before != after and not is_first_call


def ruling_takes_two(verdict: str, *, ours: str | None, ruling: str | None, is_by_voter: bool) -> bool:
    """Return whether settling a record waits for a second person: always, unless it is called illegal, nobody here has
    denied that, and whoever settles it brought none of the votes on it (`is_by_voter`).
    """
    return is_by_voter or not (verdict == CONFIRM and ours in (None, CONFIRM) and ruling in (None, CONFIRM))


def import_takes_two(*, is_registered: bool, effects: Mapping[str, int], withdrawn: int) -> bool:
    """Return whether importing a list waits for a second person: it does unless its source is registered and the list
    only adds records and votes. `effects`: what it does to records that are there already; `withdrawn`: votes.
    """
    return not is_registered or withdrawn > 0 or any(effects.values())
