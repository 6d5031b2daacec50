"""What is written about a case that was merged is in the history of the one in which the work goes on, with its reference."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leeward.casework import services
from leeward.casework.merging.services.merging import merge
from leeward.casework.models import Case
from leeward.casework.timeline.queries.history import history_of
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries import mails
from leeward.notices.services import take_in
from tests.casework.acting.test_urgent import police
from tests.casework.conftest import POLICE, Desk
from tests.casework.merging.test_merging import many_cases

pytestmark = pytest.mark.django_db
WORDS = "Call the officer on duty before the address is taken down."


@pytest.fixture
def merged(desk: Desk) -> tuple[Case, Case]:
    """A case, and one that was decided alike, acted on and then merged into it."""
    cases = []
    for url in (desk.world.gallery_url, desk.world.more_url):
        case = desk.case(url)
        desk.assess(case)
        desk.act(case)
        desk.until(case, lambda one: one.police_told_at is not None)
        cases.append(case)
    first, second = cases
    merge(second.pk, first.pk, reason="The same.", actor=desk.cast["ana"].actor)
    desk.work()
    services.mark_as_read(first.pk, actor=desk.cast["ana"].actor)
    return first, second


def timeline(desk: Desk, case: Case) -> str:
    return desk.signed_in("ana").get(f"/desk/case/{case.reference}/timeline").content.decode()


@pytest.mark.parametrize("way", ["link", "mail"])
def test_what_the_police_write(desk: Desk, merged: tuple[Case, Case], way: str) -> None:
    first, second = merged
    if way == "link":
        police(desk, second, "note", note=WORDS)
    else:
        letter = next(mail for mail in desk.mails() if second.reference in mail.text).message["Message-ID"]
        head = f"From: {POLICE}\r\nMessage-ID: <a@b.example>\r\nIn-Reply-To: {letter}\r\nSubject: Re"
        take_in(f"{head}\r\n\r\n{WORDS}".encode())
        desk.work()
    first.refresh_from_db()
    assert first.news
    page = timeline(desk, first)
    assert WORDS in page
    assert second.reference in page
    rows = [row for row in history_of(first, actor=desk.cast["ana"].actor) if WORDS in row.note + row.text]
    assert [row.note.splitlines()[0] for row in rows] == [second.reference]
    assert first.reference not in "".join(row.note for row in rows)


def test_of_what_nobody_was_to_be_told_nothing_more_is_looked_up(desk: Desk, merged: tuple[Case, Case]) -> None:
    first, _second = merged

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            history_of(first, actor=desk.cast["ana"].actor)
        return len(found)

    before = queries()
    Case.objects.filter(pk__in=many_cases(desk, 30)).update(merged_into=first)
    assert queries() == before


def test_many_that_were_told_of_cost_no_query_each(desk: Desk) -> None:
    case = desk.case(desk.world.gallery_url)
    numbers = many_cases(desk, 40)
    Case.objects.filter(pk__in=numbers).update(merged_into=case)
    counts = []
    for row in Case.objects.filter(pk__in=numbers):
        of = NoticeCase.objects.create(
            case_id=row.pk, hotline_id=row.hotline_id, portal_id=row.portal_id, location_id=row.location_id, brief={},
            tells_police=True, tells_host=False, started_at=row.received_at,
        )  # fmt: skip
        Referral.objects.create(
            notice_case=of, hotline_id=row.hotline_id, case_id=row.pk, reference=row.reference, portal_id=row.portal_id,
            created_at=row.received_at, sent_at=row.received_at, answered_at=row.received_at, note=f"Of {row.reference}.",
        )  # fmt: skip
        with CaptureQueriesContext(connection) as found:
            shown = history_of(case, actor=desk.cast["ana"].actor)
        counts.append(len(found))
    assert counts[0] == counts[-1]
    notes = [line.note for line in shown if line.title == "Notes"]
    assert len(notes) == 40
    assert all(note.splitlines()[1] == f"Of {note.splitlines()[0]}." for note in notes)


def test_a_mail_of_which_only_the_beginning_is_shown_is_read_on_the_page_of_all(
    desk: Desk, merged: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MOST_CHARACTERS", 100)
    first, second = merged
    letter = next(mail for mail in desk.mails() if second.reference in mail.text).message["Message-ID"]
    head = f"From: {POLICE}\r\nMessage-ID: <a@b.example>\r\nIn-Reply-To: {letter}\r\nSubject: Re"
    take_in(f"{head}\r\n\r\n{'We look into it. ' * 100}{WORDS}".encode())
    page = timeline(desk, first)
    assert "We look into it." in page
    assert WORDS not in page
    address = f"/desk/case/{first.reference}/mails"
    assert f'href="{address}"' in page
    whole = desk.signed_in("ana").get(address).content.decode()
    assert WORDS in whole
    assert second.reference in whole
    assert "1–1 of 1" in whole
