"""The pages about learning in a browser: for everybody, on a phone too, and with nothing from elsewhere."""

import pytest
from django.utils import timezone
from django_scopes import scope

from leeward.awareness import queries, services
from leeward.awareness.models import Partner, Resource
from leeward.awareness.rules.sheet import write_sheet
from tests.browser import Visit
from tests.people.browsing import sign_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def catalogue(cast: Cast) -> int:
    """A few entries, some of them reviewed; returns the number of one."""
    with scope(hotline=cast.hotline_id):
        details = [row.details for row in queries.all_shipped()[:8]]
        services.import_entries(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        Resource.objects.filter(title__lt="D").update(verdict="good")
        return int(Resource.objects.earliest("title").pk)


def test_learning_needs_no_script_and_bars_nobody(catalogue: int, visitor: Visit) -> None:
    guest = visitor(script=False)
    assert guest.go("/jm/learn").status == 200
    guest.page.get_by_label("About what").select_option("reporting")
    guest.press("Show")
    assert "about=reporting" in guest.page.url
    assert guest.context.cookies() == []
    assert {answer.url.split("/")[2] for answer in guest.answers} == {guest.base.split("/")[2]}
    reader = visitor()
    for path, name in (
        ("/jm/learn", "learn"),
        ("/jm/ur/learn?for=teacher", "learn-ur"),
        ("/learn?for=police", "learn-any"),
    ):
        reader.go(path)
        reader.look(name)


def test_the_desks_pages_bar_nobody(cast: Cast, catalogue: int, visitor: Visit) -> None:
    with scope(hotline=cast.hotline_id):
        table = write_sheet([row.details for row in queries.all_shipped()[8:12]])
        values = {"name": "Library", "address": "https://l.example/feed", "reading": "read", "read_at": timezone.now()}
        offer = Partner.objects.create(hotline_id=cast.hotline_id, offered=table, new=4, left_out=1, **values).pk
    guest = visitor()
    sign_in(guest, cast, "carl")
    for path, name in (
        ("/desk/learning", "catalogue"),
        ("/desk/learning?q=nothing", "catalogue-empty"),
        (f"/desk/learning/{catalogue}", "entry"),
        ("/desk/learning/import", "import"),
        ("/desk/learning/cards", "cards"),
        ("/desk/learning/partners", "partners"),
        (f"/desk/learning/partners/{offer}", "offer"),
    ):
        guest.go(path)
        guest.look(name)
