"""What was kept as JSON before fields had plain names is read after an upgrade: briefs, proposals, acts that can be undone."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from leeward.casework import services
from leeward.casework.acting.models import PendingAction
from leeward.casework.models import Case
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.services import adjudicating
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import read
from tests.casework.acting.test_undoing import slow  # noqa: F401 - a fixture
from tests.casework.conftest import GRAVE, PLAIN, Desk

pytestmark = pytest.mark.django_db
OLD = {"reporter_texts": "words", "comment": "words", "close_comment": "close_words"}


def aged(kept: dict[str, Any]) -> dict[str, Any]:
    return {OLD.get(name, name): value for name, value in kept.items()}


def test_a_brief_still_has_the_reporters_texts(desk: Desk) -> None:
    case = desk.first(text="I found a bad page.")
    desk.assess(case)
    desk.act(case)
    row = NoticeCase.objects.get(case_id=case.pk)
    before = read(row.brief)
    assert before.reporter_texts
    NoticeCase.objects.update(brief=aged(row.brief))
    import_module("leeward.notices.migrations.0006_plain_names").rename_key(apps, None)
    row.refresh_from_db()
    assert read(row.brief) == before


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
