"""The inputs of choices on a page are those that Django writes."""

from html.parser import HTMLParser

from django import forms

from leeward.web.templatetags.leeward import input_of

CHOICES = [("", "Nothing"), ('a"<b>', "Quoted & marked"), (3, "Three")]


class Inputs(HTMLParser):
    """The attributes of each input, in any order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "input"
        self.found.append(dict(attrs))


class Choices(forms.Form):
    """A choice of each kind: chosen, required, disabled, with attributes of its own."""

    one = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, initial="3")
    any = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, initial=["", 'a"<b>'])
    off = forms.ChoiceField(
        choices=CHOICES, widget=forms.RadioSelect(attrs={"class": "own", "data-key": "<1>"}), disabled=True
    )


def test_an_input_has_the_attributes_that_django_gives_it() -> None:
    for field in Choices():
        ours, theirs = (
            Inputs("".join(written)).found for written in (map(input_of, field), (one.tag() for one in field))
        )
        assert len(ours) == len(CHOICES)
        assert ours == theirs, field.name
