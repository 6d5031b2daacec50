"""The officer's page: asking, what is shown, pictures refused, roles, other hotlines, the number of queries; and in a browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from leeward.hashbank.models import Inquiry
from leeward.hashbank.police.services import ask
from leeward.hashbank.rules.police import Asker
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.hashbank.asking import png
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code
from tests.personas import Cast

PAGE = "/desk/known"


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    client.force_login(User.objects.get(pk=cast["pia"].account_id))
    return client


def filled(**more: object) -> dict[str, object]:
    return {"agency": "Harbour Police", "reference": "HP 7", "contact": "desk 12", "once": new_form_key()} | more


def test_asking(cast: Cast, bank: Desk, officer: Client, django_assert_max_num_queries):
    bank.add(1)
    ask(
        [{"md5": file_hashes("picture 1")[0].text}],
        asker=Asker("Coast Guard", "CG-31", "watch"),
        actor=cast["pia"].actor,
    )
    lines = [file_hashes("picture 1")[0].text, f"pdq:{bits_off(picture_code(1), 5).hex()}", "0" * 64, "nonsense"]
    with django_assert_max_num_queries(45):
        answer = officer.post(PAGE, filled(hashes="\n".join(lines)))
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in (
        "Known",
        "5 bits apart",
        "Not known",
        "it is no hash",
        "UK C",
        "Hotline of Jamaica",
        "Coast Guard, CG-31, watch",
    ):
        assert text in page
    with django_assert_max_num_queries(12):
        page = officer.get(PAGE).content.decode()
    assert "Others ask about the same" in page
    assert 'value="Harbour Police"' in page


def test_a_file_of_hashes_but_never_a_picture(bank: Desk, officer: Client):
    bank.add(1)
    text = f"{file_hashes('picture 1')[1].text}  a name.jpg\n".encode()
    page = officer.post(PAGE, filled(file=SimpleUploadedFile("list.txt", text))).content.decode()
    assert "a name.jpg" in page
    refused = officer.post(PAGE, filled(file=SimpleUploadedFile("a.png", png(0))))
    assert refused.status_code == 422
    assert "This is a picture" in refused.content.decode()
    assert Inquiry.objects.get().asked == 1


def test_what_is_missing_is_said(bank: Desk, officer: Client):
    for wrong in ({"hashes": ""}, {"hashes": "0" * 32, "reference": " "}, {"hashes": "0" * 32, "agency": ""}):
        assert officer.post(PAGE, filled(**wrong)).status_code == 422
    many = officer.post(PAGE, filled(hashes="\n".join(f"{number:032x}" for number in range(1001))))
    assert "leeward bank triage" in many.content.decode()
    assert not Inquiry.objects.exists()


def test_sent_twice_is_once(bank: Desk, officer: Client):
    form = filled(hashes="0" * 32)
    assert officer.post(PAGE, form).status_code == 200
    assert officer.post(PAGE, form).status_code == 302
    assert Inquiry.objects.get().asked == 1


@pytest.mark.parametrize("name", ["ana", "carl", "adam", "otto"])
def test_only_officers(cast: Cast, client: Client, name):
    client.force_login(User.objects.get(pk=cast[name].account_id))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, filled(hashes="0" * 32)).status_code == 403


def test_another_hotlines_officer_sees_nothing(cast: Cast, bank: Desk, client: Client):
    bank.add(1)
    with scope(hotline=cast.hotline_id):
        ask([{"md5": file_hashes("picture 1")[0].text}], asker=Asker("Harbour Police", "HP 7"), actor=cast["pia"].actor)
    client.force_login(User.objects.get(pk=cast["dora"].account_id))
    page = client.post(PAGE, filled(reference="B 1", hashes=file_hashes("picture 1")[0].text)).content.decode()
    assert "Not known" in page
    assert "HP 7" not in page
