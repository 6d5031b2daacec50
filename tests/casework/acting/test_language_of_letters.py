"""Our own lines in a letter to the police are in the language that they are written to in, whoever acts and in whichever page."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from leeward.casework.acting.queries.outgoing import messages_of
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.notices.models import Contact
from tests.casework.conftest import POLICE, Desk

pytestmark = pytest.mark.django_db
ENGLISH, FRENCH = "Password of the page or file: cellar door", "Mot de passe de la page ou du fichier: cellar door"


@pytest.mark.parametrize(("theirs", "ours", "line"), [([], "fr", ENGLISH), (["fr", "en"], "en", FRENCH)])
def test_lines_of_ours_are_in_the_language_of_the_police(desk: Desk, theirs: list[str], ours: str, line: str) -> None:
    case = desk.case(text="He has pictures of me.", password="cellar door")
    Contact.objects.create(hotline_id=desk.cast.hotline_id, kind="police", country="JM", email=POLICE, languages=theirs)
    with override(ours):
        brief = make_brief(case)
        shown, *_others = messages_of(case, draft=None, on=timezone.now().date(), was_seen=True).messages
    assert line in brief.reporter_texts
    assert line in " ".join(shown.body.split())
