"""The brief of a notice case as it is kept: the reporters' own words apart from the rest, and sealed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import zip_longest

from leeward.jobs.queries import unheard
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief, read, written
from leeward.notices.rules.plain_text import clean, unlinked
from leeward.sealing.fields import opened_strictly
from leeward.sealing.services import forget

_IN_WORDS = ("words", "unknown")  # kinds of a place that one report's words name


@dataclass(frozen=True, slots=True)
class LookedFor:
    """What a report said that was taken back and is looked for in mail, where `addresses` stay; `after`: of the mails, the last one that
    was gone through."""

    lines: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    after: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """The reporters' words: `lines` of the next letter, `lines_from` which report each is of (0: a line of ours), and `in_full` all that
    each report ever said to the police, by its number, to be looked for when it is taken back; then it is in `looked_for` until that is done.
    Of what was kept by older versions there are lines alone."""

    lines: tuple[str, ...] = ()
    lines_from: tuple[int, ...] = ()
    in_full: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    looked_for: Mapping[int, LookedFor] = field(default_factory=dict)


def keep(notice_case: NoticeCase, brief: CaseBrief) -> None:
    """Put a brief into a notice case that the caller saves, in the caller's transaction; where its words are others than before, those
    before open from no backup any more. Raises WordsLocked: nobody knows then whether they are."""
    before, stood = texts_of(notice_case), read(notice_case.brief)
    # Whoever named this place before has not taken that back: else they would have been taken out.
    earlier = stood.named_by if stood.address == brief.address else ()
    notice_case.brief = written(replace(brief, named_by=tuple(dict.fromkeys((*earlier, *brief.named_by)))))
    in_full = dict(before.in_full)
    for number, lines in brief.full_texts:  # and how they were worded before, perhaps in another language
        in_full[number] = tuple(dict.fromkeys((*in_full.get(number, ()), *lines)))
    texts = Texts(brief.reporter_texts, brief.texts_from, in_full, before.looked_for)
    if texts != before:
        keep_texts(notice_case, texts)


def keep_texts(notice_case: NoticeCase, texts: Texts) -> None:
    """Put no other words of reporters into it, likewise."""
    if notice_case.pk is not None:
        forget(NoticeCase.objects.filter(pk=notice_case.pk), "reporter_texts")
    notice_case.reporter_texts = json.dumps(asdict(texts), ensure_ascii=False) if texts != Texts() else ""


def kept(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be shown; where these can't be opened, the sentence that says so
    is in their place."""
    return replace(read(notice_case.brief), reporter_texts=_texts_in(notice_case.reporter_texts).lines)


def opened(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be told; without those of a report that was taken back, also before
    it is forgotten. Raises WordsLocked."""
    texts, brief = texts_of(notice_case), read(notice_case.brief)
    gone = withdrawn_of({*texts.lines_from, *texts.in_full, *brief.named_by})
    lines = [one for one in zip_longest(texts.lines, texts.lines_from, fillvalue=0) if one[1] not in gone]
    return replace(
        brief,
        address="" if is_named_only_by(gone, brief, texts) else brief.address,
        reporter_texts=tuple(str(line) for line, _number in lines),
        texts_from=tuple(number for _line, number in lines),
        named_by=tuple(number for number in brief.named_by if number not in gone),
    )


def is_named_only_by(numbers: Collection[int], brief: CaseBrief, texts: Texts) -> bool:
    """Return whether the place of a case is one in words that these reports name and no other. Where an older version didn't keep which
    ones do, they are those in whose words it is."""
    if brief.kind not in _IN_WORDS or not brief.address:
        return False
    named_by = set(brief.named_by) or _mentioned_by(brief.address, texts)
    return bool(named_by) and named_by <= set(numbers)


def without_named(report_id: int, brief: CaseBrief, texts: Texts) -> CaseBrief:
    """Return a brief, with these texts, without the place that only this report names, and without its number."""
    address = "" if is_named_only_by({report_id}, brief, texts) else brief.address
    return replace(brief, address=address, named_by=tuple(one for one in brief.named_by if one != report_id))


def _mentioned_by(address: str, texts: Texts) -> set[int]:
    place = _on_a_line(address)
    # Our lines break links in what somebody wrote, and not in a place as it was entered.
    forms = {place, unlinked(place)}
    return {
        number
        for number, lines in texts.in_full.items()
        if any(form in line for line in map(_on_a_line, lines) for form in forms)
    }


def _on_a_line(text: str) -> str:
    return " ".join(clean(text).split())


def withdrawn_of(numbers: Collection[int]) -> set[int]:
    """Return which of these reports were taken back though their words may still be here."""
    return unheard("report.withdrawn", numbers)


def texts_of(notice_case: NoticeCase) -> Texts:
    """Return the reporters' words, to be used further. Raises WordsLocked."""
    return _texts_in(opened_strictly(notice_case, "reporter_texts"))


def _texts_in(text: str) -> Texts:
    try:
        held = json.loads(text) if text else []
    except ValueError:  # the sentence that stands for what can't be opened
        return Texts((text,))
    if isinstance(held, list):
        return Texts(tuple(held))
    in_full = {int(number): tuple(lines) for number, lines in held["in_full"].items()}
    looked_for = {
        int(number): LookedFor(tuple(one["lines"]), tuple(one["addresses"]), one["after"])
        for number, one in held.get("looked_for", {}).items()
    }
    return Texts(tuple(held["lines"]), tuple(held.get("lines_from", ())), in_full, looked_for)
