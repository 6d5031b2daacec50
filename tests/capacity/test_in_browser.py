"""The desk's pages about training in a browser: for everybody, on a phone too."""

from datetime import date, time

import pytest
from django_scopes import scope

from leeward.capacity import services
from leeward.capacity.care.models import CareDate
from leeward.capacity.care.services import appoint, offer, set_key, take, write_note
from leeward.capacity.certificates.services import ask_revocation, give
from leeward.capacity.facilities.services import FacilityDetails, add_equipment, add_facility
from leeward.capacity.models import Certificate, Participation
from leeward.capacity.rules.participation import Participation as Said
from leeward.capacity.services import CourseDetails
from tests.browser import Visit
from tests.people.browsing import sign_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_pages_bar_nobody(cast: Cast, visitor: Visit) -> None:
    carl, people = (
        cast["carl"].actor,
        [
            Said("Ana Brown", "Police", "police", "JM", date(2026, 3, 2), 40, 75),
            Said("Ben", "", "police", "BB", date(2020, 3, 2)),
        ],
    )
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Digital evidence", "POL-1", "police", "Academy", 16, 24, "Shelf 3")
        course = services.add_course(details, hotline_id=cast.hotline_id, actor=carl)
        services.add_session(course, date(2026, 3, 1), date(2026, 3, 2), "Kingston", "Dee", actor=carl)
        services.take(course, people, session_id=None, actor=carl)
        services.set_need("police", "JM", 5, hotline_id=cast.hotline_id, actor=carl)
        appoint(cast["otto"].account_id, hotline_id=cast.hotline_id, actor=carl)
        public = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
        set_key(public, actor=cast["otto"].actor)
        offer(date(2099, 1, 5), time(14, 30), "Room 7", actor=cast["otto"].actor)
        offer(date(2099, 1, 6), time(9), "Room 7", actor=cast["otto"].actor)
        take(CareDate.objects.order_by("on")[0].pk, today=date(2026, 3, 2), actor=carl)
        write_note("I am tired.", hotline_id=cast.hotline_id, actor=carl)
        details = FacilityDetails("Island laboratory", "laboratory", "JM", "Kingston", 10, 25, date(2026, 3, 2))
        lab = add_facility(details, hotline_id=cast.hotline_id, actor=carl)
        add_equipment(lab, "licence", "Examiner", 2, date(2026, 3, 2), actor=carl)
        given = [give(one, actor=carl) for one in Participation.objects.order_by("id").values_list("pk", flat=True)]
        ask_revocation(given[1], "name", actor=cast["adam"].actor)
        number = Certificate.objects.get(pk=given[0]).number
    guest = visitor()
    sign_in(guest, cast, "carl")
    for path, name in (
        ("/desk/training", "training"),
        ("/desk/training?q=nothing", "training-empty"),
        ("/desk/training/add", "training-add"),
        (f"/desk/training/{course}", "training-course"),
        (f"/desk/training/{course}/person", "training-person"),
        (f"/desk/training/{course}/import", "training-import"),
        ("/desk/training/needs", "training-needs"),
        ("/desk/training/certificates", "training-certificates"),
        (f"/desk/training/certificates/{given[0]}", "training-certificate"),
        (f"/desk/training/certificates/{given[1]}", "training-certificate-waiting"),
        ("/desk/care", "care"),
        ("/desk/training/facilities", "facilities"),
        (f"/desk/training/facilities/{lab}", "facility"),
        ("/desk/training/directory", "directory"),
        ("/desk/training/directory/contacts/inhope", "directory-contact"),
        ("/certificate", "certificate-ask"),
        (f"/certificate/{number}", "certificate"),
        ("/certificate/abcdefghijklmnop", "certificate-unknown"),
    ):
        guest.go(path)
        guest.look(name)
    counsellor = visitor()
    sign_in(counsellor, cast, "otto")
    counsellor.go("/desk/care/counselling")
    counsellor.look("care-counselling")
