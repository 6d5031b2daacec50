"""The brief of a notice case as it is kept: the reporters' own words apart from the rest, and sealed."""

import json
from dataclasses import replace

from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief, read, written
from leeward.sealing.fields import opened_strictly
from leeward.sealing.services import forget


def keep(notice_case: NoticeCase, brief: CaseBrief) -> None:
    """Put a brief into a notice case that the caller saves, in the caller's transaction; where its words are others than before, those
    before open from no backup any more. Raises WordsLocked: nobody knows then whether they are."""
    notice_case.brief = written(brief)
    if notice_case.pk is None or texts_of(notice_case) != brief.reporter_texts:
        keep_texts(notice_case, brief.reporter_texts)


def keep_texts(notice_case: NoticeCase, texts: tuple[str, ...]) -> None:
    """Put no other words of reporters into it, likewise."""
    if notice_case.pk is not None:
        forget(NoticeCase.objects.filter(pk=notice_case.pk), "reporter_texts")
    notice_case.reporter_texts = json.dumps(texts, ensure_ascii=False) if texts else ""


def kept(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be shown; where these can't be opened, the sentence that says so
    is in their place."""
    return replace(read(notice_case.brief), reporter_texts=_texts_in(notice_case.reporter_texts))


def opened(notice_case: NoticeCase) -> CaseBrief:
    """Return the brief of a notice case with the reporters' words, to be told. Raises WordsLocked."""
    return replace(read(notice_case.brief), reporter_texts=texts_of(notice_case))


def texts_of(notice_case: NoticeCase) -> tuple[str, ...]:
    """Return the reporters' words, to be used further. Raises WordsLocked."""
    return _texts_in(opened_strictly(notice_case, "reporter_texts"))


def _texts_in(text: str) -> tuple[str, ...]:
    try:
        return tuple(json.loads(text)) if text else ()
    except ValueError:  # the sentence that stands for what can't be opened
        return (text,)
