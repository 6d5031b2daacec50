"""The record of processing names every field that could say who somebody is, and each hotline's own says what it has set."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import models
from django_scopes import scope

from leeward.administration.processing import paper, record
from leeward.people.queries import hotlines
from leeward.site.config import Config
from tests.personas import Cast

ROOT = Path(__file__).parents[2]


def test_every_field_that_could_hold_something_about_a_person_is_in_a_class() -> None:
    assert list(record.faults()) == []


def test_a_new_field_a_lost_table_and_a_field_in_two_classes_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = record._file()["activities"]["reports"]["tables"]
    monkeypatch.setitem(tables, "intake.Report", tables["intake.Report"] | {"reporter_words": "text nickname contact"})
    monkeypatch.setitem(tables, "intake.Nothing", {})
    monkeypatch.delitem(tables, "intake.Item")
    found = list(record.faults())
    assert "intake.Report.where is in no class" in found, "as for a field that somebody adds"
    assert "intake.Report.nickname is not there, holds no text, or stands twice" in found
    assert "intake.Report.contact is not there, holds no text, or stands twice" in found
    assert {"intake.Nothing is no table", "intake.Item is in no activity"} <= set(found)


def test_whatever_can_hold_text_counts() -> None:
    class Fields(models.Model):
        at = models.DateTimeField()
        many = models.PositiveSmallIntegerField()
        is_on = models.BooleanField()
        name = models.CharField(max_length=9)
        facts = models.JSONField()
        body = models.BinaryField()
        link = models.URLField()
        key = models.CharField(primary_key=True, max_length=9)

        class Meta:
            app_label = "sites_of_tests"

    assert record.texts_of(Fields) == ["name", "facts", "body", "link", "key"]


def test_every_activity_says_what_the_law_asks() -> None:
    model = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
    for one in record.activities():
        assert all((one.purpose, one.about, one.recipients, one.kept)), one.name
        assert [number for number in one.promises if f"\n| {number} |" not in model] == []
    (reports,) = (one for one in record.activities() if one.name == "reports")
    assert "intake.Report.contact" in reports.fields["reporter_contact"]
    assert "intake.Report.entered_by" in reports.fields["staff_act"], "a reference to an account needs no line"


@pytest.mark.django_db
def test_a_hotlines_own_record_says_its_times_and_nobody_elses_portals(cast: Cast) -> None:
    (mine,) = (row for row in hotlines() if row.id == cast.hotline_id)
    with scope(hotline=mine.id):
        text = paper.of_hotline(mine, Config(contact_days=17, desk_days=23), datetime(2026, 11, 29, tzinfo=UTC))
    assert mine.name in text
    assert "17 days after the last case" in text
    assert "desk time and looks: 23 days" in text
    assert "Hotline of Barbados" not in text
    assert "Nobody is recorded." in text
