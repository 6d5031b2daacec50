"""What was kept as JSON before fields had plain names is read after an upgrade: briefs, proposals, acts that can be undone."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from leeward.casework import services
from leeward.casework.acting.models import PendingAction
from leeward.casework.models import Case
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.services import adjudicating
from leeward.notices.models import NoticeCase
from leeward.notices.writing.kept_brief import kept
from leeward.sealing.queries import plain_columns
from leeward.sealing.services import seal_older
from tests.casework.acting.test_undoing import slow  # noqa: F401 - a fixture
from tests.casework.conftest import GRAVE, PLAIN, Desk

pytestmark = pytest.mark.django_db
OLD = {"comment": "words", "close_comment": "close_words"}


def aged(kept: dict[str, Any]) -> dict[str, Any]:
    return {OLD.get(name, name): value for name, value in kept.items()}


def test_a_brief_still_has_the_reporters_texts_and_they_are_sealed(desk: Desk) -> None:
    case = desk.first(text="I found a bad page.")
    desk.assess(case)
    desk.act(case)
    row = NoticeCase.objects.get(case_id=case.pk)
    before = kept(row)
    assert before.reporter_texts
    NoticeCase.objects.update(brief=row.brief | {"words": list(before.reporter_texts)}, reporter_texts="")
    import_module("leeward.notices.migrations.0006_plain_names").rename_key(apps, None)
    import_module("leeward.notices.migrations.0026_sealed_words").move_words(apps, connection.schema_editor())
    row.refresh_from_db()
    assert "reporter_texts" not in row.brief
    assert kept(row) == before
    assert "notices_noticecase.reporter_texts" in plain_columns()
    seal_older(datetime.now(UTC), most=10_000)
    row.refresh_from_db()
    assert "notices_noticecase.reporter_texts" not in plain_columns()
    assert kept(row) == before


def test_a_proposal_can_still_be_agreed_to(desk: Desk) -> None:
    case, ana, bela = desk.first(), desk.cast["ana"].actor, desk.cast["bela"].actor
    desk.assess(case, facts=GRAVE)
    desk.assess(case, "bela", "not_illegal", PLAIN | {"age_band": "adult"}, reason=16, comment="It is a film.")
    desk.work()
    row = Adjudication.objects.get()
    adjudicating.propose(row.pk, GRAVE, outcome="illegal", reason=None, comment="Both looked again.", actor=bela)
    row.refresh_from_db()
    Adjudication.objects.update(proposal={**row.proposal, "words": row.proposal_comment}, proposal_comment="")
    import_module("leeward.casework.quality.migrations.0002_plain_names").rename_key(apps, None)
    import_module("leeward.casework.quality.migrations.0003_sealed_reasons").take_out(apps, None)
    adjudicating.agree(row.pk, number=1, actor=ana)
    row.refresh_from_db()
    assert row.assessment.comment == "Both looked again."


def test_closing_can_still_be_undone(slow: Desk) -> None:  # noqa: F811 - the fixture
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case, outcome="not_illegal", facts={}, reason=1, comment="It was said before.")
    row = PendingAction.objects.get(case=case)
    assert "close_comment" in row.changed
    PendingAction.objects.update(changed=aged(row.changed))
    import_module("leeward.casework.migrations.0008_plain_names").rename_changed(apps, None)
    services.undo(case.pk, actor=ana)
    assert Case.objects.get(pk=case.pk).close_comment == ""
