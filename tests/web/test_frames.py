"""The frame around a page: which entry of the desk's bar is marked, and which frame a refusal has."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from leeward.people.models import Hotline
from leeward.web.desk import bar_for
from tests.personas import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "path", "marked"),
    [
        ("carl", "/desk/", ["Cases", "Queue"]),
        ("carl", "/desk/?view=mine", ["Cases", "Queue"]),
        ("carl", "/desk/?view=urgent&page=2", ["Cases", "Urgent"]),
        ("carl", "/desk/case/2026-0001/links", ["Cases", "Queue"]),
        ("carl", "/desk/views", ["Cases", "Queue"]),
        ("carl", "/desk/money/7", ["Cases", "Money"]),
        ("carl", "/desk/outside-reviewers", ["Cases", "Queue"]),
        ("adam", "/desk/outside-reviewers", ["Settings", "Administration"]),
        ("carl", "/desk/limits", ["Quality", "Exposure"]),
        ("carl", "/desk/clocks", ["Quality", "Clocks"]),
        ("carl", "/desk/time-limits/1/police", ["Settings", "Time limits"]),
        ("adam", "/desk/limits", ["Settings", "Administration"]),
        ("carl", "/desk/questions/new", ["Reports"]),
        ("carl", "/desk/law/jm", ["Settings", "Law"]),
        ("carl", "/desk/account/", []),
        ("carl", "/desk/lawful", []),
    ],
)
def test_the_bar_marks_the_area_of_a_page_and_no_other(cast: Cast, who: str, path: str, marked: list[str]) -> None:
    bar = bar_for(cast.people[who].actor, path)
    assert [str(entry.title) for entry in (*bar.groups, *bar.pages) if entry.is_current] == marked


@pytest.mark.django_db
def test_what_a_hotline_does_not_use_is_gone_from_its_desk_and_from_no_other(client: Client, cast: Cast) -> None:
    Hotline.objects.filter(pk=cast.hotline_id).update(unused_parts=["blocking"])
    for who, leads in (("carl", False), ("dora", True)):
        client.force_login(get_user_model().objects.get(pk=cast.people[who].account_id), BACKEND)
        assert ('href="/desk/blocking"' in client.get("/desk/").content.decode()) == leads, who
    client.force_login(get_user_model().objects.get(pk=cast.people["carl"].account_id), BACKEND)
    assert client.get("/desk/blocking").status_code == 200, "what is there stays"


@pytest.mark.django_db
def test_a_refusal_keeps_the_frame_of_the_desk_for_staff_and_promises_them_nothing_public(
    client: Client, cast: Cast
) -> None:
    stranger = client.get("/desk/no-such-page").content.decode()
    assert "deskbar" not in stranger
    assert 'class="exit"' in stranger
    client.force_login(get_user_model().objects.get(pk=cast.people["carl"].account_id), BACKEND)
    for path, status in (("/desk/people", 403), ("/desk/no-such-page", 404), ("/desk/case/2026-9999", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        page = answer.content.decode()
        assert 'class="deskbar"' in page, path
        assert "Back to the desk" in page, path
        assert "sets no cookie" not in page, path
