"""Certificates from the course's page to another program that verifies them; revoked by two, with keys that change."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from leeward.audit.models import AuditRow
from leeward.capacity import services as capacity_services
from leeward.capacity.certificates import queries, services
from leeward.capacity.certificates.models import Certificate, CertificateKey
from leeward.capacity.models import Participation
from leeward.capacity.rules.participation import Participation as Said
from leeward.capacity.services import CourseDetails
from leeward.web_security.keys import new_form_key
from tests.awareness.test_catalogue import enter
from tests.having_read import confirm_revocation, seen_on
from tests.personas import Cast

TODAY = datetime.now(UTC).date()
Verify = Callable[[bytes], Any]


@pytest.fixture
def base(settings: Any) -> str:
    """The address under which others reach us: only https is verified by other programs."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"base_url": "https://hotline.example"})
    return "https://hotline.example"


@pytest.fixture
def verify(base: str) -> Verify:
    """A program that is not ours, with our public addresses as its Internet."""

    def download(url: str) -> bytes:
        assert url.startswith(base)
        answer = Client().get(urlsplit(url).path)
        assert answer.status_code == 200
        return bytes(answer.content)

    def check(badge: bytes) -> Any:
        verifier = OB3Verifier.for_issuer_did("did:web:hotline.example:certificate:issuer:jm", download=download)
        return verifier.verify(badge.decode(), check_status=True, verify_status_list=True, download=download)

    return check


@pytest.fixture
def course(cast: Cast) -> int:
    """A course that holds for a year, in which Ana took part today and Ben long ago."""
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Digital evidence", "POL-1", "police", hours=16, valid_months=12)
        number = capacity_services.add_course(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        people = [Said("Ana Brown", "Police", "police", "JM", TODAY), Said("Ben", "", "police", "JM", date(2020, 3, 2))]
        capacity_services.take(number, people, session_id=None, actor=cast["carl"].actor)
    return number


def sent(client: Client, path: str, **values: Any) -> Any:
    """Press a form; what gives a certificate or asks to revoke one as somebody does who has just opened its page."""
    if path.endswith(("/certificate", "/certificates")) or values.get("act") == "ask":
        values = {"seen": mark_on(client, path)} | values
    return client.post(path, {"once": new_form_key(), **values})


def mark_on(client: Client, path: str) -> str:
    """The mark of the form with this address, or else of another of its page; "" where the page has none."""
    page = path.rpartition("/")[0]
    if path.endswith("/certificate"):
        with scopes_disabled():
            page = f"/desk/training/{Participation.objects.get(pk=page.rpartition('/')[2]).course_id}"
    shown = client.get(page).content.decode()
    of_form = rf'action="{re.escape(path)}"(?:(?!</form>).)*?name="seen" value="([^"]+)"'
    found = re.search(of_form, shown, re.DOTALL) or re.search('name="seen" value="([^"]+)"', shown)
    return found[1] if found else ""


def of(cast: Cast, name: str) -> Certificate:
    with scope(hotline=cast.hotline_id):
        return Certificate.objects.select_related("participation").get(participation__name=name)


def test_another_program_verifies_it_until_it_is_revoked_by_two(cast: Cast, course: int, verify: Verify) -> None:
    carl, adam = enter(cast, "carl"), enter(cast, "adam")
    page = f"/desk/training/{course}"
    sent(carl, f"{page}/certificates")
    assert "2 certificates given." in carl.get(page).content.decode()
    row = of(cast, "Ana Brown")
    desk, public = f"/desk/training/certificates/{row.pk}", f"/certificate/{row.number}"
    badge = Client().get(f"{public}.jwt").content
    assert badge == carl.get(f"{desk}/badge").content
    found = verify(badge)
    assert found.achievement.name == "Digital evidence"
    assert found.expiration_date.date() == row.valid_until + timedelta(days=1)
    other = Client().get(f"/certificate/{of(cast, 'Ben').number}.jwt").content
    with pytest.raises(OB3VerificationError, match="expired"):
        verify(other)
    with pytest.raises(OB3VerificationError, match="Invalid signature"):
        verify(b".".join([*badge.split(b".")[:2], other.split(b".")[2]]))

    sent(carl, f"{desk}/revoke", act="ask", reason="nonsense")
    sent(carl, f"{desk}/revoke", act="ask", reason="name")
    sent(carl, f"{desk}/revoke", act="confirm")
    assert "somebody else" in carl.get(desk).content.decode()
    verify(badge)
    assert of(cast, "Ana Brown").revoked_at is None
    assert "Waiting" in carl.get("/desk/training/certificates?show=waiting").content.decode()
    shown_to_adam = adam.get(desk).content.decode()
    sent(carl, f"{desk}/revoke", act="ask", reason="mistake")
    sent(adam, f"{desk}/revoke", act="confirm", seen=seen_on(shown_to_adam))
    assert of(cast, "Ana Brown").revoked_at is None, "the reason is not the one that he read"
    sent(adam, f"{desk}/revoke", act="confirm", seen=seen_on(adam.get(desk).content.decode()))
    with pytest.raises(OB3VerificationError, match="revocation"):
        verify(badge)
    sent(adam, f"{desk}/revoke", act="confirm")
    assert "revoked already" in adam.get(desk).content.decode()
    events = AuditRow.objects.filter(event__startswith="certificate").order_by("id").values_list("event", flat=True)
    assert list(events) == [
        "certificate_key.made",
        "certificates.given",
        "certificate_revocation.asked",
        "certificate_revocation.asked",
        "certificate.revoked",
    ]


def test_the_public_page_tells_the_truth_and_no_name(cast: Cast, course: int, base: str) -> None:
    with scope(hotline=cast.hotline_id):
        services.give_all(course, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    row, visitor = of(cast, "Ana Brown"), Client()
    page = f"/certificate/{row.number}"
    typed = "-".join(re.findall("....", row.number.upper()))
    assert visitor.get("/certificate", {"number": typed}).headers["location"] == page
    assert visitor.get("/lang/fr/certificate", {"number": typed}).headers["location"] == f"/lang/fr{page}"
    shown = visitor.get(page).content.decode()
    assert "Hotline of Jamaica gave this certificate." in shown
    printed = visitor.get(f"/certificate/{typed}").content.decode()  # its number after our address, as it is printed
    assert "Hotline of Jamaica gave this certificate." in printed
    signed = visitor.get(f"{page}.jwt").content.decode()
    said = [
        urlsafe_b64decode(part + "==").decode("latin-1") for part in signed.split(".")[:2]
    ]  # not what signs it: chance has names
    files = [shown, *said, visitor.get("/certificate/status/jm/1").content.decode()]
    assert not any("Ana " in text or "Brown" in text for text in files)
    assert "It was given to a person with this name." in visitor.post(page, {"name": "ana brown"}).content.decode()
    assert "It was not given to a person" in visitor.post(page, {"name": "Ben"}).content.decode()
    assert visitor.post(page, {"name": ""}).status_code == 422
    old = visitor.get(f"/certificate/{of(cast, 'Ben').number}").content.decode()
    assert "the time for which it was valid is over" in old
    with scope(hotline=cast.hotline_id):
        services.ask_revocation(row.pk, "mistake", actor=cast["carl"].actor)
        confirm_revocation(row.pk, actor=cast["adam"].actor)
    assert "revoked it on" in visitor.get(page).content.decode()
    for path in ("a" * 16, "1", "A" * 16, "a" * 16 + ".jwt"):
        answer = visitor.get(f"/certificate/{path}")
        assert answer.status_code == 404
        assert "No certificate has this number." in answer.content.decode()
    for path in ("status/jm/2", "status/xx/1", f"status/jm/{10**30}", "issuer/xx/did.json", "issuer/bb/did.json"):
        assert visitor.get(f"/certificate/{path}").status_code == 404
    statuses = [visitor.get("/certificate/" + "b" * 16).status_code for _try in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_a_replaced_key_overlaps_and_a_stolen_one_ends(cast: Cast, course: int, verify: Verify) -> None:
    adam, carl = enter(cast, "adam"), enter(cast, "carl")
    with scope(hotline=cast.hotline_id):
        services.give_all(course, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    address = f"/certificate/{of(cast, 'Ana Brown').number}.jwt"
    first = Client().get(address).content
    assert sent(carl, "/desk/training/certificates/key", stolen="0", seen="1").status_code == 403
    sent(adam, "/desk/training/certificates/key", stolen="0", seen="1")
    second = Client().get(address).content
    assert first != second
    assert all(map(verify, (first, second)))
    page = adam.get("/desk/training/certificates").content.decode()
    assert 'name="seen" value="2"' in page
    sent(adam, "/desk/training/certificates/key", stolen="1", seen="2")
    late = adam.post(
        "/desk/training/certificates/key", {"once": new_form_key(), "stolen": "1", "seen": "2"}, follow=True
    )
    assert "Something else was entered since" in late.content.decode(), (
        "two who press it withdraw one key, not each other’s"
    )
    third = Client().get(address).content
    assert verify(third)
    for old in (first, second):
        with pytest.raises(OB3VerificationError, match="no verificationMethod"):
            verify(old)
    page = adam.get("/desk/training/certificates").content.decode()
    assert page.count("withdrawn on") == 2
    document = json.loads(Client().get("/certificate/issuer/jm/did.json").content)
    assert [method["id"].rpartition("#")[2] for method in document["verificationMethod"]] == ["key-3"]
    with scope(hotline=cast.hotline_id):
        CertificateKey.objects.filter(serial=3).update(sealed="of another installation")
    assert Client().get(address).status_code == 503


def test_one_is_given_once_and_holds_its_record(cast: Cast, course: int) -> None:
    carl = enter(cast, "carl")
    with scope(hotline=cast.hotline_id):
        person = Participation.objects.get(name="Ana Brown").pk
    assert sent(carl, f"/desk/training/people/{person}/certificate").status_code == 302
    assert sent(carl, f"/desk/training/people/{person}/certificate").status_code == 409
    sent(carl, f"/desk/training/people/{person}/remove")
    assert "has not been revoked" in carl.get(f"/desk/training/{course}").content.decode()
    row = of(cast, "Ana Brown")
    with scope(hotline=cast.hotline_id):
        services.ask_revocation(row.pk, "name", actor=cast["carl"].actor)
        seen = queries.mark_of_request(Certificate.objects.get(pk=row.pk))
        services.keep(row.pk, seen=seen, actor=cast["carl"].actor)
        services.ask_revocation(row.pk, "name", actor=cast["carl"].actor)
        confirm_revocation(row.pk, actor=cast["adam"].actor)
        assert services.give_all(course, hotline_id=cast.hotline_id, actor=cast["carl"].actor) == 2
        again = Certificate.objects.get(participation=person, revoked_at=None)
        assert again.list_index != row.list_index
        services.ask_revocation(again.pk, "other", actor=cast["carl"].actor)
        confirm_revocation(again.pk, actor=cast["adam"].actor)
        capacity_services.remove_participation(person, actor=cast["carl"].actor)
        kept = queries.certificate(row.pk)
        assert kept is not None
        assert (kept.name, kept.badge.title) == ("", "Digital evidence")


def test_nobody_of_another_country_sees_or_revokes_one(cast: Cast, course: int) -> None:
    with scope(hotline=cast.hotline_id):
        services.give_all(course, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    row, dora = of(cast, "Ana Brown"), enter(cast, "dora")
    assert "No certificates" in dora.get("/desk/training/certificates").content.decode()
    for path in (f"certificates/{row.pk}", f"certificates/{row.pk}/badge"):
        assert dora.get(f"/desk/training/{path}").status_code == 404
    assert sent(dora, f"/desk/training/certificates/{row.pk}/revoke", act="ask", reason="name").status_code == 404
    assert sent(dora, f"/desk/training/people/{row.participation_id}/certificate").status_code == 404
    assert sent(dora, f"/desk/training/{course}/certificates").status_code == 404
    assert of(cast, "Ana Brown").asked_at is None
    with scope(hotline=cast.other_hotline_id):
        assert not Certificate.objects.exists()


def test_a_list_that_is_half_full_is_followed_by_another(
    cast: Cast, course: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LIST_MOST", 1)
    with scope(hotline=cast.hotline_id):
        for person in Participation.objects.order_by("id").values_list("pk", flat=True):
            services.give(person, actor=cast["carl"].actor)
        assert list(Certificate.objects.order_by("id").values_list("list_number", flat=True)) == [1, 2]


def test_a_request_to_revoke_is_refused_or_withdrawn_only_as_it_was_read(cast: Cast, course: int, base: str) -> None:
    carl, adam = enter(cast, "carl"), enter(cast, "adam")
    with scope(hotline=cast.hotline_id):
        services.give_all(course, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    desk = f"/desk/training/certificates/{of(cast, 'Ana Brown').pk}"
    sent(carl, f"{desk}/revoke", act="ask", reason="name")
    shown = {"adam": adam.get(desk).content.decode(), "carl": carl.get(desk).content.decode()}
    sent(carl, f"{desk}/revoke", act="ask", reason="mistake")
    for client, who in ((adam, "adam"), (carl, "carl")):
        sent(client, f"{desk}/revoke", act="keep", seen=seen_on(shown[who]))
        assert "Something else was entered since you opened this page." in client.get(desk).content.decode()
        sent(client, f"{desk}/revoke", act="keep")
        assert of(cast, "Ana Brown").reason == "mistake", "nobody has read this request yet"
    sent(adam, f"{desk}/revoke", act="keep", seen=seen_on(adam.get(desk).content.decode()))
    assert of(cast, "Ana Brown").asked_at is None
    sent(carl, f"{desk}/revoke", act="ask", reason="name")
    sent(carl, f"{desk}/revoke", act="keep", seen=seen_on(carl.get(desk).content.decode()))
    assert of(cast, "Ana Brown").asked_at is None


def test_by_a_page_from_before_nobody_gives_a_certificate(cast: Cast, course: int) -> None:
    carl, adam, page = enter(cast, "carl"), cast["carl"].actor, f"/desk/training/{course}"
    with scope(hotline=cast.hotline_id):
        person = Participation.objects.get(name="Ana Brown").pk
    one, everybody = f"/desk/training/people/{person}/certificate", f"{page}/certificates"
    before = {path: mark_on(carl, path) for path in (one, everybody)}
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Evidence from phones", "POL-1", "police", hours=16, valid_months=12)
        capacity_services.change_course(course, details, actor=adam)
        new = [Said("Cleo", "", "police", "JM", TODAY)]
        capacity_services.take(course, new, session_id=None, actor=adam)
    for path, older in before.items():
        for seen in ("", older):
            late = client_follows(carl, path, seen)
            assert "Something else was entered since you opened this page." in late
            assert "Evidence from phones" in late
    with scope(hotline=cast.hotline_id):
        assert not Certificate.objects.exists()
    sent(carl, everybody)
    with scope(hotline=cast.hotline_id):
        assert Certificate.objects.count() == 3


def test_by_a_page_from_before_nobody_asks_in_place_of_a_colleague(cast: Cast, course: int) -> None:
    carl, adam = enter(cast, "carl"), enter(cast, "adam")
    sent(carl, f"/desk/training/{course}/certificates")
    desk = f"/desk/training/certificates/{of(cast, 'Ana Brown').pk}"
    older = mark_on(adam, f"{desk}/revoke")
    sent(carl, f"{desk}/revoke", act="ask", reason="name")
    for seen in ("", older):
        values = {"act": "ask", "reason": "mistake", "seen": seen, "once": new_form_key()}
        assert "Something else was entered since" in adam.post(f"{desk}/revoke", values, follow=True).content.decode()
    assert of(cast, "Ana Brown").reason == "name"


def client_follows(client: Client, path: str, seen: str) -> str:
    """The page to which a form with this mark leads."""
    return client.post(path, {"once": new_form_key(), "seen": seen}, follow=True).content.decode()
