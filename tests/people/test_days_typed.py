"""A day that somebody types where the browser has no calendar is read as they meant it, or refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

import leeward
from leeward.blocklist.publishing.forms import EvidenceForm
from leeward.notices.errors import DayUnclear
from leeward.oncall.forms import RotationForm
from leeward.people.forms.tokens import TokenForm
from leeward.people.forms.voice import DayField

FIELDS = [(EvidenceForm, "on"), (RotationForm, "starts_on"), (TokenForm, "expires_on")]


@pytest.mark.parametrize(("form", "name"), FIELDS)
def test_no_day_of_two_is_taken_for_one(form: Any, name: str) -> None:
    field = form.base_fields[name]
    with pytest.raises(forms.ValidationError) as caught:
        field.clean("03/04/2026")
    assert caught.value.messages == [f"“03/04/2026” is not clearly one day. {DayUnclear.hint}"]
    for typed in ("2026-12-31", "31/12/2026", "12/31/2026", "31.12.2026", "31 Dec 2026", date(2026, 12, 31)):
        assert field.clean(typed) == date(2026, 12, 31)


def test_in_another_language_it_is_read_and_shown_alike() -> None:
    class Paper(forms.Form):
        on = DayField(widget=forms.DateInput(attrs={"type": "date"}))

    with override("fr"):
        assert DayField().clean("3 avril 2026") == date(2026, 4, 3)
        assert 'value="2026-04-03"' in str(Paper(initial={"on": date(2026, 4, 3)})["on"]), "what a calendar reads"
        assert "03/04/2026" in str(Paper({"on": "03/04/2026"})["on"])
        assert not Paper({"on": "03/04/2026"}).is_valid()


def test_every_form_reads_days_so() -> None:
    found = [
        str(path)
        for path in Path(leeward.__file__).parent.rglob("*.py")
        if "forms.DateField(" in path.read_text() and path.name != "voice.py"
    ]
    assert found == []
