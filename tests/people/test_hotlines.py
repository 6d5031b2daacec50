"""Hotlines and portals: what may be made and changed, by whom, and what the log says of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.audit.queries import log_page
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people import queries, services
from leeward.people.errors import FieldIsWrong, NameIsTaken, NotSecondPerson, UnknownLanguage
from leeward.people.models import Hotline, Portal
from leeward.people.rules.names import OUR_PATHS, tidy_name
from tests.personas import Cast

PORTAL = {
    "name": "Barbuda",
    "country": "AG",
    "languages": ["en"],
    "emergency_number": "911",
    "time_zone": "America/Antigua",
}


@pytest.mark.django_db
def test_an_administrator_opens_a_portal_and_the_log_says_so(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    number = services.open_portal(cast.hotline_id, slug="ag", actor=cast["adam"].actor, **PORTAL)
    portal = queries.portal_by_slug("ag")
    assert portal is not None
    assert (portal.id, portal.working_days, portal.languages) == (number, frozenset({1, 2, 3, 4, 5}), ("en",))
    assert [(line.event, line.actor) for line in log_page(cast.hotline_id)] == [
        ("portal.opened", cast["adam"].actor.label)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "carl", "pia", "otto", "dora"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.open_portal(cast.hotline_id, slug="ag", actor=cast[who].actor, **PORTAL)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["desk", "notice", "law", "jm", "static", "lang"])
def test_a_portal_cannot_have_a_name_that_is_ours_or_taken(cast: Cast, slug: str) -> None:
    with pytest.raises(NameIsTaken):
        services.open_portal(cast.hotline_id, slug=slug, actor=cast["adam"].actor, **PORTAL)


def test_no_page_of_ours_can_become_a_portal() -> None:
    from django.urls import get_resolver

    from leeward.web.rules.paths import OURS

    firsts = {str(pattern.pattern).split("/")[0] for pattern in _leaves(get_resolver().url_patterns)}
    fixed = {first for first in firsts if first and "<" not in first}
    assert {name for name in OURS | fixed if "." not in name} <= OUR_PATHS


def _leaves(patterns: list, before: str = ""):
    for pattern in patterns:
        inner = getattr(pattern, "url_patterns", None)
        if inner is None or str(pattern.pattern):
            yield pattern
        else:
            yield from _leaves(inner)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("country", "antigua", "capital"),
        ("country", "1A", "capital"),
        ("country", "ZZ", "capital"),
        ("languages", [], "empty"),
        ("time_zone", "Mars/Olympus", "America/Jamaica"),
        ("holidays", ["6 August"], "2027-08-06"),
        ("police_email", "nobody", "police_email"),
        ("exit_url", "javascript:alert(1)", "exit_url"),
        ("name", "\u202e", "name"),
    ],
)
def test_bad_fields_are_named(cast: Cast, field: str, value: object, says: str) -> None:
    with pytest.raises(FieldIsWrong, match=says):
        services.open_portal(cast.hotline_id, slug="ag", actor=cast["adam"].actor, **(PORTAL | {field: value}))
    assert queries.portal_by_slug("ag") is None


@pytest.mark.django_db
def test_a_language_is_a_tag(cast: Cast) -> None:
    with pytest.raises(UnknownLanguage):
        services.open_portal(
            cast.hotline_id, slug="ag", actor=cast["adam"].actor, **(PORTAL | {"languages": ["en", "../x"]})
        )


@pytest.mark.django_db
def test_another_hotlines_portal_does_not_exist(cast: Cast) -> None:
    with pytest.raises(NotFound):
        services.change_portal(cast.portal_id, actor=cast["dora"].actor, name="Mine now")


@pytest.mark.django_db
def test_a_closed_portal_is_not_found_by_the_public(cast: Cast) -> None:
    services.change_portal(cast.portal_id, actor=Actor("command", hotline_id=cast.hotline_id), is_open=False)
    assert queries.portal_by_slug("jm") is None
    assert log_page(cast.hotline_id)[0].facts == {"fields": ["is_open"]}


HOTLINE = {
    "name": "Hotline",
    "email": "desk@jm.example",
    "notify_foreign_hosts": True,
    "unused_parts": ["law", "blocking"],
}


@pytest.mark.django_db
def test_a_hotline_is_changed_and_the_log_keeps_words_of_ours_only(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)  # none was opened yet
    services.change_hotline(cast.hotline_id, actor=cast["adam"].actor, **HOTLINE)
    line = log_page(cast.hotline_id)[0]
    assert (line.event, line.facts["fields"]) == (
        "hotline.changed",
        ["name", "notify_foreign_hosts", "unused_parts"],
    )
    assert line.facts["unused_parts"] == ["blocking", "law"]
    assert "desk@" not in str(line.facts)
    services.change_hotline(cast.hotline_id, actor=cast["adam"].actor, **HOTLINE)
    assert len(log_page(cast.hotline_id)) == 1


@pytest.mark.django_db
def test_where_recipients_answer_takes_two_once_a_portal_is_in_use(cast: Cast) -> None:
    wanted = HOTLINE | {"email": "unit@puppet.example"}
    number = services.change_hotline(cast.hotline_id, actor=cast["adam"].actor, **wanted)
    assert number is not None
    kept = queries.hotline(cast.hotline_id)
    assert (kept.email, kept.notify_foreign_hosts) == ("desk@jm.example", True)
    assert services.change_hotline(cast.hotline_id, actor=cast["adam"].actor, **wanted) == number
    with pytest.raises(NotSecondPerson):
        services.settle_change(number, confirm=True, actor=cast["adam"].actor)
    services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    assert queries.hotline(cast.hotline_id).email == "unit@puppet.example"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "carl", "pia", "otto", "dora"])
def test_only_its_administrator_changes_a_hotline(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.change_hotline(cast.hotline_id, actor=cast[who].actor, **HOTLINE)


@pytest.mark.django_db
def test_a_portal_has_one_of_two_modes_of_its_own_and_changing_it_takes_two(cast: Cast) -> None:
    adam = cast["adam"].actor
    with pytest.raises(FieldIsWrong, match="mode"):
        services.change_portal(cast.portal_id, actor=adam, mode="watch")
    second = services.open_portal(
        cast.hotline_id, slug="ky", actor=adam, name="Cayman Islands", country="KY", languages=["en"],
        takes_reports=False, emergency_number="911",
    )  # fmt: skip
    number = services.change_portal(cast.portal_id, actor=adam, mode="post_box")
    assert number is not None
    assert queries.portal(cast.portal_id).mode == "assess"
    services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    assert [queries.portal(one).mode for one in (cast.portal_id, second)] == ["post_box", "assess"]


@pytest.mark.django_db
def test_a_hotline_leaves_out_parts_of_the_desk_only(cast: Cast) -> None:
    with pytest.raises(FieldIsWrong, match="unused_parts"):
        services.change_hotline(cast.hotline_id, actor=cast["adam"].actor, **(HOTLINE | {"unused_parts": ["cases"]}))


@pytest.mark.django_db
def test_hotlines_are_opened_by_the_command_only(cast: Cast) -> None:
    new = {"slug": "ag", "name": "Antigua", "country": "AG", "email": ""}
    with pytest.raises(NotAllowed):
        services.open_hotline(actor=cast["adam"].actor, **new)
    assert Hotline.objects.get(pk=services.open_hotline(actor=SYSTEM, **new)).name == "Antigua"


@given(st.text())
def test_a_tidy_name_is_one_line_without_marks_of_direction(text: str) -> None:
    tidy = tidy_name(text)
    assert tidy == tidy.strip()
    assert "  " not in tidy
    assert not set(tidy) & set("\n\r\t\0\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028")
    assert tidy_name(tidy) == tidy


@pytest.mark.parametrize("name", ["Zoë O’Neill-Ngũgĩ", "نور جہاں", "می\u200cخواهم", "👩\u200d💻 Ana", "Ζωή"])
def test_names_that_people_have_stay_as_they_are(name: str) -> None:
    assert tidy_name(name) == name
