"""The brief of a notice case as it is kept: the reporters' own words apart from the rest, and sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief, read, written
from leeward.sealing.fields import opened_strictly
from leeward.sealing.services import forget


@dataclass(frozen=True, slots=True)
class Texts:
    """The reporters' words: `lines` of the next letter, and `in_full` all that each report ever said to the police, by its number, to be
    looked for when it is taken back. Of what was kept by older versions there are lines alone."""

    lines: tuple[str, ...] = ()
    in_full: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def keep(notice_case: NoticeCase, brief: CaseBrief) -> None:
    """Put a brief into a notice case that the caller saves, in the caller's transaction; where its words are others than before, those
    before open from no backup any more. Raises WordsLocked: nobody knows then whether they are."""
    notice_case.brief = written(brief)
    before = texts_of(notice_case)
    texts = Texts(brief.reporter_texts, {**before.in_full, **dict(brief.full_texts)})
    if texts != before:
        keep_texts(notice_case, texts)


def keep_texts(notice_case: NoticeCase, texts: Texts) -> None:
    """Put no other words of reporters into it, likewise."""
    if notice_case.pk is not None:
        forget(NoticeCase.objects.filter(pk=notice_case.pk), "reporter_texts")
    held = {"lines": texts.lines, "in_full": texts.in_full}
    notice_case.reporter_texts = json.dumps(held, ensure_ascii=False) if texts != Texts() else ""


def kept(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be shown; where these can't be opened, the sentence that says so
    is in their place."""
    return replace(read(notice_case.brief), reporter_texts=_texts_in(notice_case.reporter_texts).lines)


def opened(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be told. Raises WordsLocked."""
    return replace(read(notice_case.brief), reporter_texts=texts_of(notice_case).lines)


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
    return Texts(tuple(held["lines"]), {int(number): tuple(lines) for number, lines in held["in_full"].items()})
