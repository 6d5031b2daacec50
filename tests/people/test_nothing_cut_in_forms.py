"""What is pasted into a field of a form reaches us whole, and what is too long is refused with all of it still there."""

import pytest
from django import forms

from leeward.people.forms.voice import Voiced


class Paper(Voiced):
    """A form as the desk has them."""

    words = forms.CharField(max_length=300, widget=forms.Textarea)
    line = forms.CharField(max_length=300)


@pytest.mark.parametrize("name", ["words", "line"])
def test_the_browser_cuts_nothing_and_the_form_refuses_it_with_its_text(name: str) -> None:
    assert "maxlength" not in str(Paper()[name])
    long = "w" * 301
    form = Paper({"words": "So.", "line": "So."} | {name: long})
    assert not form.is_valid()
    assert form.errors == {name: ["This is longer than 300 characters: it has 301. Shorten it."]}
    assert long in str(form[name])
