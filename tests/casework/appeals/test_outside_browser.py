"""The pages between people and hotlines in a browser: nothing that bars anybody, nothing wider than a telephone."""

import pytest

from leeward.casework import services
from leeward.languages.services import propose_texts
from leeward.people import services as people_services
from tests.casework.appeals.test_outside import invite, post
from tests.casework.conftest import GRAVE, Desk
from tests.journeys.desk.conftest import Enter, enter
from tests.languages.test_translating import RECEIPT
from tests.personas import PASSWORD, add_person

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_pages_between_people_and_hotlines(desk: Desk, enter: Enter) -> None:
    cast = desk.cast
    case = desk.case()
    desk.assess(case, "ana", facts=GRAVE)
    number = invite(desk, "case", case.reference)
    appealed = desk.case(desk.world.gallery_url + "?appealed=1")
    desk.assess(appealed, "carl")
    made = people_services.add_account(
        cast.hotline_id, email="eve@staff.example", name="Eve", roles=["supervisor"], password=PASSWORD,
        actor=cast["adam"].actor,
    )  # fmt: skip
    proposal = propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=cast["dora"].actor, why="Read by a teacher")
    dora = enter("dora")
    dora.go("/desk/outside-reviews", "invited-to")
    dora.go(f"/desk/outside-reviews/{number}", "before-taking")
    assert post(desk.signed_in("dora"), f"/desk/outside-reviews/{number}/take") == 302
    dora.go(f"/desk/outside-reviews/{number}", "second-assessment")
    dora.go(f"/desk/outside-reviews/{number}/files", "files")
    asked = services.open_appeal(appealed.pk, origin="host", origin_id=1, text="No.")
    assert asked is not None
    answered = invite(desk, "appeal", asked, by="carl")
    dora.go(f"/desk/outside-reviews/{answered}", "request-for-review")
    nora = add_person("nora", ["supervisor"], cast.hotline_id).actor
    services.decide_appeal(asked, upheld=False, reasons="It stays.", actor=nora)
    dora.go(f"/desk/outside-reviews/{answered}", "needed-no-more")
    dora.go(f"/desk/languages/proposals/{proposal}", "own-proposal")
    adam = enter("adam")
    adam.go("/desk/outside-reviewers?subject_kind=case", "outside-reviewers")
    adam.go(f"/desk/people/{made}", "new-account")
    adam.go("/desk/languages/proposals", "proposals")
    adam.go(f"/desk/languages/proposals/{proposal}", "proposal")
    adam.go("/desk/law", "register")
    otto = enter("otto")
    otto.go("/desk/log/roles", "roles")
