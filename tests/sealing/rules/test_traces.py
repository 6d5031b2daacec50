"""What comes again under the same key is known, and its traces tell nobody else anything."""

from leeward.sealing.rules.traces import Traces, traces_of

KEY = bytes(range(32))


def told(key: bytes = KEY) -> Traces:
    traces = Traces(key)
    for column, text in (
        ("text", "A page."),
        ("contact", "a@mail.example"),
        ("contact", "b@mail.example"),
        ("password", ""),
    ):
        traces.add(column, text)
    return traces


def again(key: bytes = KEY) -> Traces:
    return traces_of(key, told().as_stored())


def test_what_came_is_known_in_its_column_alone() -> None:
    for traces in (told(), again()):
        assert traces.has("text", "A page.")
        assert not traces.has("text", "A page")
        assert not traces.has("contact", "A page.")
        assert not traces.has("password", "")
        assert traces.letters == 7 + 14 + 14


def test_the_last_one_counts() -> None:
    for traces in (told(), again()):
        assert traces.has("contact", "a@mail.example")
        assert not traces.ends_with("contact", "a@mail.example")
        assert traces.ends_with("contact", "b@mail.example")
        traces.add("contact", "c@mail.example")
        assert not traces.ends_with("contact", "b@mail.example")
        assert traces.ends_with("contact", "c@mail.example")
        assert not traces.ends_with("password", "")


def test_under_another_key_nothing_is_known() -> None:
    assert not again(bytes(32)).has("text", "A page.")
    assert told(bytes(32)).as_stored()["text"] != told().as_stored()["text"]


def test_the_form_is_the_one_that_is_in_databases() -> None:
    assert told().as_stored() == {
        "text": ["xqYyJGb2nn5nVkWd"],
        "contact": ["-04wiFk6YeI-16Qb", "dtfNe9A0MzoGSGv6"],
        "letters": 35,
    }


def test_any_letter_has_a_trace_and_what_is_damaged_none() -> None:
    traces = traces_of(KEY, {"text": "x", "letters": "many", "contact": [1]})
    assert (traces.kept, traces.letters) == ({"contact": ["1"]}, 0)
    traces.add("text", "\ud800 half a letter")
    assert traces.has("text", "\ud800 half a letter")
