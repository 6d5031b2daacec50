"""Django's sentences in our words: each is one that Django still says, and none of them is left in English."""

import re
from pathlib import Path

import django
import polib
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from leeward.languages.messages import catalogues
from leeward.laws.forms import BillChoices, WhatIf


@pytest.mark.parametrize("language", ["fr", "ur"])
def test_each_borrowed_sentence_is_one_that_django_says(language: str) -> None:
    borrowed = {
        entry.msgid
        for entry in polib.pofile(str(catalogues()[language]))
        if any(path.endswith("web/borrowed.py") for path, _line in entry.occurrences)
    }
    said = {
        entry.msgid
        for part in ("conf", "contrib/auth")
        for entry in polib.pofile(str(Path(django.__file__).parent / part / "locale/en/LC_MESSAGES/django.po"))
    }
    assert borrowed
    assert borrowed - said == set()


def test_no_form_falls_back_to_english() -> None:
    wrong = {"medium": "x", "real_person": "x", "known_age": "x", "apparent_age": "999", "title": "x" * 201}
    with override("ur"):
        errors = [
            str(error) for form in (WhatIf(wrong), BillChoices(wrong)) for row in form.errors.values() for error in row
        ]
        with pytest.raises(ValidationError) as refused:
            validate_password("password")
    texts = errors + refused.value.messages
    assert len(texts) >= 6
    assert [text for text in texts if re.search("[A-Za-z]{2}", text)] == []
