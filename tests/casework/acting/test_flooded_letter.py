"""No flood makes a letter to the police too large, or pushes a child’s words out of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.casework.acting.services import reported
from leeward.casework.acting.services.reported import MOST_BYTES
from leeward.intake.models import ReporterMessage
from leeward.intake.services import add_to_report
from leeward.sealing import keys
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

CHILD, TONIGHT = "He has pictures of me.", "He is coming tonight at nine."


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_flood_lets_no_childs_letter_grow_too_large(desk: Desk) -> None:
    keys.public()
    flood = [desk.report(desk.world.gallery_url, text="x", kind="danger") for _report in range(3)]
    for report_id in flood:
        ReporterMessage.objects.bulk_create(
            ReporterMessage(
                hotline_id=desk.cast.hotline_id,
                report_id=report_id,
                direction="from_reporter",
                text=f"{number} " + "lorem ipsum " * 1600,
                at=datetime.now(UTC),
            )
            for number in range(30)
        )
    desk.report(desk.world.gallery_url, text=CHILD, kind="danger", password="open sesame")
    desk.work()
    letters = [letter for letter in desk.mails() if CHILD in letter.text]
    assert letters
    assert all("open sesame" in one.text and len(one.message.as_bytes()) < 5 * MOST_BYTES for one in letters)
    assert any("more lines of these reports are with the hotline" in " ".join(one.text.split()) for one in letters)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_a_child_added_last_is_in_it(desk: Desk, monkeypatch: Any) -> None:
    """Before the small facts of the report, and however many lines others have."""
    monkeypatch.setattr(reported, "MOST_BYTES", 10_000)
    keys.public()
    url = desk.world.gallery_url
    flood = [desk.report(url, text="x " * 400, kind="danger") for _report in range(9)]
    mine = desk.report(url, text=CHILD, kind="danger", password="cellar door", under_18=True, needs_login=True)
    for report_id in (*flood, mine):
        text = TONIGHT if report_id == mine else "y " * 900
        add_to_report(report_id, text=text, form_key=new_form_key())
    desk.work()
    letter = [" ".join(one.text.split()) for one in desk.mails()][-1]
    assert all(words in letter for words in (CHILD, TONIGHT, "cellar door", "Under 18"))
    assert "of lines that end in […] the hotline has the rest" in letter
