"""What the log of a hotline speaks of and no table has: named by put-back and the doctor, and told on the pages that it concerns."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.backup.models import LostTime
from leeward.cli.main import run
from leeward.intake.models import Item, Report
from leeward.intake.services import receive_report
from leeward.notices.models import Message, NoticeCase
from leeward.notices.queries.doors import link_unknown
from leeward.notices.queries.standing import standing_of
from leeward.site.doctor import findings
from leeward.site.tasks import sweep_word_keys
from leeward.web_security.keys import new_form_key
from tests.backup.test_putting_back import RAW, empty, put_back, written
from tests.intake.conftest import told_of
from tests.notices.conftest import Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.personas import Cast

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db
MAY_BE_LOST = "Some reports may be lost"


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


def _of_doctor() -> list[str]:
    return [one.sentence for one in findings() if one.id == "leeward.backup.E001"]


def receipts_page(slug: str, digits: str = "") -> str:
    client = Client()
    page = client.post(f"/{slug}/receipt", {"receipt": digits}) if digits else client.get(f"/{slug}/receipt")
    return page.content.decode()


def test_what_only_the_log_knows_is_named_and_told(office: Office, cast: Cast, tmp_path: Path) -> None:
    place: dict[str, Any] = {"hotline_id": cast.hotline_id, "portal_id": cast.portal_id, "language": "en"}
    first = receive_report(told_of(), form_key=new_form_key(), **place).report_id
    office.act(office.case())
    raw = written(cast, tmp_path)
    later = receive_report(told_of(), form_key=new_form_key(), **place)
    office.act(office.case())
    with scope(hotline=cast.hotline_id):
        about = NoticeCase.objects.latest("pk").pk
        at = Report.objects.get(pk=later.report_id).received_at
    assert _of_doctor() == []
    empty(cast.hotline_id)
    (named,) = _of_doctor()
    assert "and no table has them" in named
    done = put_back(raw)
    lost = {one.kind: one.numbers for one in done.lost}
    assert later.report_id in lost["report"]
    assert lost["notice_case"] == (about,), "what came back isn't lost"
    assert _of_doctor() == [], "put-back named them, and the doctor names what goes after that"
    kept = LostTime.objects.get()
    assert kept.since <= at <= kept.until
    page = receipts_page("jm", later.receipt)
    assert MAY_BE_LOST in page
    assert f"{kept.since:%Y-%m-%d %H:%M}" in page
    assert MAY_BE_LOST not in receipts_page("bb"), "another hotline lost nothing"
    assert f"{kept.since:%Y-%m-%d %H:%M}" in str(link_unknown().hint)
    with scope(hotline=cast.hotline_id):
        unsure = list(Message.objects.filter(state="unsure"))
        assert unsure
        for sentences in standing_of(unsure, {}).values():
            assert "It came back from a file of this hotline; it is not known whether this went before." in sentences
        for query in (Item._base_manager.filter(report_id=first), Report._base_manager.filter(pk=first)):
            query._raw_delete(query.db)
    (named,) = _of_doctor()
    assert f"report {first}, " in named


def test_a_newer_file_makes_less_lost(office: Office, cast: Cast, tmp_path: Path) -> None:
    raw = written(cast, tmp_path)
    office.act(office.case())
    (tmp_path / "later").mkdir()
    newer = written(cast, tmp_path / "later")
    empty(cast.hotline_id)
    assert put_back(raw).lost
    assert LostTime.objects.exists()
    assert put_back(newer).lost == []
    assert not LostTime.objects.exists()
    assert MAY_BE_LOST not in receipts_page("jm")


def test_words_of_lost_rows_keep_their_keys(office: Office, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer backup may have the rows, and opens their words only with these."""
    now = office.reached
    LostTime.objects.create(
        hotline_number=cast.hotline_id, since=now - timedelta(hours=2), until=now - timedelta(hours=1), matters=1
    )
    seen = list[Any]()
    monkeypatch.setattr("leeward.site.tasks.sweep", lambda lost: seen.extend(lost) or 0)
    sweep_word_keys()
    assert seen == [(now - timedelta(hours=2), now - timedelta(hours=1))]


def test_the_command_names_them(
    office: Office, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(cast, tmp_path)
    office.act(office.case())
    with scope(hotline=cast.hotline_id):
        about = NoticeCase.objects.latest("pk").pk
    empty(cast.hotline_id)
    (tmp_path / "move.key").write_bytes(RAW)
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    command = ["hotline", "put-back", str(tmp_path / "jm.hotline"), "--key", str(tmp_path / "move.key")]
    for more in ([], ["--yes"]):
        assert run([*command, *more]) == 0
        said = capsys.readouterr().err
        assert f"The log speaks of these, and neither the file nor a table has them: notice case {about}." in said, said
    assert LostTime.objects.get().matters > 0
