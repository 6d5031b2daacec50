"""The ways to block an address: each that is offered blocks it, the narrowest comes first, and nothing raises but BadAddress."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.blocklist import labels
from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.choices import choices
from leeward.blocklist.rules.gates import Fence, Limits
from leeward.blocklist.rules.government import government_suffixes
from leeward.blocklist.rules.lookup import comparable_of, first_hit
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation import lazy_text
from leeward.hosting.rules.urls import BadAddress

OPEN = Fence(Limits())
LABEL = st.text("abcxyz019-_*%.\N{CYRILLIC SMALL LETTER A}", min_size=1, max_size=70)
ADDRESS = st.one_of(
    st.text(max_size=80),
    st.builds(
        lambda host, path: f"http://{host}/{path}",
        st.lists(LABEL, min_size=1, max_size=6).map(".".join),
        st.text("ab/.?%=&#@\\", max_size=30),
    ),
)


def shown(address: str, fence: Fence = OPEN) -> list[tuple[str, str, bool]]:
    return [(way.scope.value, way.target, way.is_open) for way in choices(address, fence)]


def test_from_a_page_to_the_domain() -> None:
    assert shown("https://a.b.example.co.uk/one/two/page.html?x=1") == [
        ("url", "https://a.b.example.co.uk/one/two/page.html?x=1", True),
        ("path", "https://a.b.example.co.uk/one/two/", True),
        ("path", "https://a.b.example.co.uk/one/", True),
        ("host", "https://a.b.example.co.uk/", True),
        ("domain", "https://a.b.example.co.uk/", True),
        ("domain", "https://b.example.co.uk/", True),
        ("domain", "https://example.co.uk/", True),
    ]


def test_a_number_has_no_domain() -> None:
    assert [way[0] for way in shown("http://192.0.2.1/x") if way[2]] == ["url", "host"]


@pytest.mark.parametrize(
    ("limits", "open_ways"),
    [
        (Limits(own_names=frozenset({"bad.example"})), []),
        (Limits(government_names=government_suffixes({"JM"}) | {"www.bad.example"}), []),
        (Limits(popular_names=frozenset({"bad.example"})), ["url"]),
        (Limits(popular_names=frozenset({"other.bad.example"})), ["url", "host", "domain"]),
    ],
)
def test_limits_close_ways(limits: Limits, open_ways: list[str]) -> None:
    ways = choices("https://www.bad.example/x", Fence(limits))
    assert [way.scope.value for way in ways if way.is_open] == open_ways
    assert all(way.refused or way.stopped for way in ways if not way.is_open)


def test_reasons_are_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reason is a marked sentence whose placeholders are filled after it was translated."""
    marked = {text for name, text in vars(sentences).items() if name.isupper()}
    refused = [way.refused for way in choices("http://192.0.2.1/a/b/c/d/e/f/g/x", OPEN) if way.refused]
    assert refused
    for way in refused:
        assert way.message in marked
        plain = labels.why_not(way, ())
        monkeypatch.setattr(lazy_text._Reader, "translate", lambda text: f"<{text}>")
        assert labels.why_not(way, ()) == f"<{plain}>"
        monkeypatch.undo()


@settings(max_examples=300, deadline=None)
@given(ADDRESS)
def test_what_is_offered_blocks_the_address(address: str) -> None:
    try:
        ways = choices(address, OPEN)
    except BadAddress:
        return
    order = list(Scope)
    assert [order.index(way.scope) for way in ways] == sorted(order.index(way.scope) for way in ways)
    for way in ways:
        if way.entry is not None:
            listed = {way.entry.expression: int(way.entry.scope.bit)}
            assert first_hit(comparable_of(address), lambda expression, by=listed: by.get(expression, 0))


def test_government_names_of_britain_are_those_of_uk() -> None:
    assert "gov.uk" in government_suffixes({"GB"})
    assert "go.ke" in government_suffixes({"KE"})
    assert "go.jm" not in government_suffixes({"JM"})
