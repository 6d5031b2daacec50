"""What the log must say of every case: nobody outside was told before the police had it. One function for all journeys."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

# The police have it: the mail server took the message, they answered, or a person wrote down how they were told.
HAVE_IT = {
    "referral.sent",
    "referral.told_otherwise",
    "referral.acknowledged",
    "referral.held",
    "referral.released",
}
# After these the host may be told as well.
FREE_THE_HOST = {"referral.released", "referral.timed_out"}
# After these a case that ended is no longer known to be free: it is acted on anew, didn't reach the police, or they hold it.
NEW_WORD = {"notice_case.opened", "referral.failed", "referral.held"}
# Told as soon as the police have it; everybody else waits for their word, or for the end of the time for it.
AT_ONCE = {"foreign_police"}
# Letters to our police about a name tell them of it, and nobody else.
TO_THEMSELVES = {"name_police", "name_data"}


class OthersBeforePolice(AssertionError):
    """Somebody was told of a case whose police did not have it."""


@dataclass
class _Round:
    has: frozenset[str] = frozenset()  # letters that the police have
    frees: frozenset[str] = frozenset()  # those of them by which others may be told
    newest: int = 0  # the number of the last letter of which anything was written down
    waived: bool = False  # a person decided that the police are not told
    gone: bool = False  # ended because it is gone, after the police had it and let others be told
    gone_at: datetime | None = None
    unsure: frozenset[tuple[int, str]] = frozenset()  # messages of which nobody knew then whether they had arrived

    @property
    def told(self) -> bool:
        return self.waived or bool(self.has)

    @property
    def free(self) -> bool:
        return self.waived or bool(self.frees)


def assert_police_first(rows: Iterable[Mapping[str, Any]]) -> int:
    """Raise OthersBeforePolice where a row of the log says that somebody was told too early; return how many messages were
    looked at. Each time a case is acted on anew the police come first again. Whoever answers a message before its mail server is
    done with it had it when they answered; and a message that was on its way (`begun`) when its page was found gone left before that; so did one
    of which a restoring had left it unsure by then whether it had arrived, and that a person called arrived."""
    rounds: dict[tuple[int, int], _Round] = defaultdict(_Round)
    answered: dict[tuple[int, str | None, int], _Round] = {}
    unsure: frozenset[tuple[int, str]] = frozenset()
    called: set[tuple[int, str]] = set()
    seen = 0
    for row in rows:
        facts = row["facts"] if isinstance(row["facts"], dict) else json.loads(row["facts"])
        event, chain = row["event"], row["chain"]
        if event in ("notice.sent", "payment_alert.sent"):
            seen += 1
            for case in facts["cases"]:
                ended, message = rounds[chain, case], (chain, row.get("subject", ""))
                left_before = _was_on_its_way(row, ended) or message in ended.unsure & called
                if ended.gone and (event == "payment_alert.sent" or left_before):
                    continue  # the money outlives the page: nothing is asked of the host any more, but the police had it
                then = answered.get((chain, row.get("subject"), case), ended)
                _demand(then, row, case, at_once=facts["kind"] in AT_ONCE)
            continue
        if event == "message.left_unsure":
            unsure |= {(chain, f"{facts['kind']}:{facts['about']}")}
            continue
        if event == "message.called_arrived":
            called.add((chain, f"{facts['kind']}:{facts['about']}"))
            continue
        if "case" not in facts or facts.get("kind") == "protection":
            continue  # a child-protection office is no police
        now = rounds[chain, facts["case"]]
        if event == "notice.answered":
            answered[chain, row["subject"], facts["case"]] = replace(now)
            continue
        if event in NEW_WORD:
            now.gone = False
        _change(now, event, facts, row)
        if event == "notice_case.stopped":
            now.unsure = unsure
    return seen


def _was_on_its_way(row: Mapping[str, Any], ended: _Round) -> bool:
    begun = row.get("begun")
    return begun is not None and ended.gone_at is not None and begun < ended.gone_at


def _change(now: _Round, event: str, facts: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Note what an event means for a case."""
    subject = row.get("subject", "")
    letter, number = frozenset({subject}), int(subject.partition("referral:")[2] or 0)
    now.newest = max(now.newest, number)
    if event in HAVE_IT:
        now.has |= letter
    if event in FREE_THE_HOST or (event == "referral.confirmed" and "released" in facts["parts"]):
        lets_all_go = event == "referral.released"  # every letter that they have
        now.frees |= (letter | (now.has if lets_all_go else frozenset())) if now.told else frozenset()
    elif event == "referral.failed":
        is_newest = number >= now.newest
        now.has, now.frees, now.waived = now.has - letter, frozenset() if is_newest else now.frees - letter, False
    elif event == "notice_case.stopped":
        heard = now.gone or (now.told and now.free and not now.waived)
        now.gone = heard and facts.get("why") == "removed"
        now.gone_at = row.get("at")
        now.has, now.frees, now.waived = frozenset(), frozenset(), False
    elif event == "notice_case.opened" and facts.get("police") is False and row["actor"].startswith("staff"):
        now.waived = True  # a person decided that the police are not told at all


def _demand(now: _Round, row: Mapping[str, Any], case: int, *, at_once: bool) -> None:
    if not now.told or not (at_once or now.free):
        why = "the police did not have it" if not now.told else "the police were still waited for"
        raise OthersBeforePolice(f"row {row['number']} of log {row['chain']}: case {case} was told of while {why}")


def assert_none_held_beside(rows: Iterable[Mapping[str, Any]], places: Mapping[tuple[int, int], Any]) -> None:
    """Raise OthersBeforePolice where a row of the log says that a host was told of a case while the police held another one of the same
    place. `places` are by log and number of the case; one that nobody knew then whether it had gone may have gone before."""
    held: set[tuple[int, int]] = set()
    unsure: set[tuple[int, str]] = set()
    for row in rows:
        facts = row["facts"] if isinstance(row["facts"], dict) else json.loads(row["facts"])
        event, chain = row["event"], row["chain"]
        if event == "message.left_unsure":
            unsure.add((chain, f"{facts['kind']}:{facts['about']}"))
        elif event == "referral.held":
            held.add((chain, facts["case"]))
        elif event in FREE_THE_HOST or (event == "referral.confirmed" and "released" in facts["parts"]):
            held.discard((chain, facts["case"]))
        elif (
            event == "notice.sent"
            and facts["kind"] not in AT_ONCE | TO_THEMSELVES
            and (chain, row.get("subject", "")) not in unsure
        ):
            for case in ((chain, number) for number in facts["cases"]):
                if any(one != case and places.get(one, one) == places.get(case) for one in held):
                    raise OthersBeforePolice(
                        f"row {row['number']} of log {chain}: the police held the address of {case}"
                    )


def places_of_database() -> dict[tuple[int, int], tuple[str, str]]:
    """Where each case is and whose police have it, by its log and its number."""
    from django_scopes import scopes_disabled

    from leeward.notices.models import NoticeCase

    with scopes_disabled():
        found = NoticeCase.objects.values_list("hotline_id", "case_id", "address_key", "portal__country")
        return {(hotline, case): (address, country) for hotline, case, address, country in found}


def rows_of_database() -> list[dict[str, Any]]:
    """Every row of every log of this database."""
    from leeward.audit.queries import chains, entries  # the other functions need no Django

    return [_plain(entry) for chain in chains() for entry in entries(chain)]


def rows_of_export(text: str) -> list[dict[str, Any]]:
    """Every row of an exported log."""
    lines = (json.loads(line) for line in text.splitlines() if line.startswith("{"))
    return [line["row"] for line in lines if "row" in line]


def _plain(entry: Any) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
