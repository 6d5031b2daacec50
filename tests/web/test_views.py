"""The pages that belong to no slice, without a browser."""

import re
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.html import escape

import leeward.web
from leeward.audit import services as audit_services
from leeward.audit.tree.checkpoints import publish
from leeward.foundation.actor import SYSTEM
from leeward.people.models import Portal
from leeward.web import portals
from leeward.web.rules.promises import PROMISES
from leeward.web.views import broken
from tests.personas import Cast
from tests.reading import compact
from tests.signers import signing_here

WEB = Path(leeward.web.__file__).parent


@pytest.mark.django_db
def test_health_says_ok_or_that_the_database_is_gone(client: Client) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (200, b"ok\n")

    def gone(*_: object) -> object:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        assert client.get("/healthz").status_code == 503


def test_the_page_for_our_own_faults_needs_no_database() -> None:
    """This test may not touch the database: any query fails it."""
    page = broken(RequestFactory().get("/jm/report", follow=True))
    assert page.status_code == 500
    assert b"Something broke here" in page.content
    assert b'rel="noreferrer"' in page.content
    assert b"call the police" in page.content, "no number is known"
    assert b"tel:" not in page.content


@pytest.mark.django_db
def test_the_page_for_our_own_faults_shows_the_number_to_call_that_was_seen_last(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(emergency_number="119")
    client.raise_request_exception = False
    monkeypatch.setattr(portals, "KEPT_SECONDS", 1e-9)
    portals.forget_portals()
    assert b"tel:119" in client.get("/jm/report", follow=True).content

    def gone(*_: object) -> object:
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        page = client.get("/jm/report", follow=True)
        elsewhere = client.get("/nowhere/report")
    portals.forget_portals()
    assert (page.status_code, elsewhere.status_code) == (500, 500)
    assert b"tel:119" in page.content
    assert b"tel:" not in elsewhere.content


@pytest.mark.django_db
def test_the_list_of_countries_shows_open_portals_only_each_in_its_languages(client: Client, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.other_portal_id).update(is_open=False)
    page = compact(client.get("/", headers={"accept-language": "fr"}).content.decode())
    assert 'href="/jm/fr/"' in page
    assert "Barbados" not in page
    assert '<span lang="ur" dir="rtl">اردو</span>' in page


@pytest.mark.django_db
def test_many_languages_can_be_folded_up_and_few_stand_in_a_row(client: Client, cast: Cast) -> None:
    many = compact(client.get("/lang/fr/").content.decode())
    assert re.search(r"<details><summary>[^<]*: <bdi>Français</bdi></summary><ul>", many)
    few = compact(client.get("/jm/").content.decode())
    assert "<details><summary>" not in few
    assert few.count('lang="ur"') == 1


@pytest.mark.django_db
def test_without_any_portal_the_page_says_what_to_do(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "No country takes reports here yet" in page
    assert "You can tell us here" not in page


@pytest.mark.django_db
def test_signed_seals_are_public_and_carry_no_subject(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    audit_services.record("case.claimed", actor=SYSTEM, hotline_id=cast.hotline_id, subject="case:4711")
    signing_here(monkeypatch, tmp_path / "signer")
    key = publish(cast.hotline_id, timezone.now()).row.vkey
    page = client.get("/proof").content.decode()
    assert escape(key) in page
    assert "Hotline of Jamaica" in page
    assert re.search(r"\n[A-Za-z0-9/+]{43}=\n", page)
    assert "4711" not in page
    assert client.get("/jm/proof").status_code == 200


@pytest.mark.django_db
def test_the_privacy_page_gives_every_promise_and_the_days(client: Client, cast: Cast) -> None:
    page = client.get("/jm/privacy").content.decode()
    for promise in PROMISES:
        assert f'id="{promise.id}"' in page
    assert "90 days" in page
    assert 'id="clear"' in page


def test_every_part_of_the_pages_is_in_the_readme() -> None:
    readme = (WEB / "README.md").read_text(encoding="utf-8")
    for part in (WEB / "templates/web/includes").glob("*.html"):
        assert f"`{part.stem}`" in readme, part.name
    for block in (
        "title",
        "content",
        "steps",
        "width",
        "main",
        "emergency",
        "sub",
        "languages",
        "head_extra",
        "deskbar",
    ):
        assert f"`{block}`" in readme


@pytest.mark.parametrize("path", sorted((WEB / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_style_attribute_or_a_script_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "style=" not in text
    assert not re.search(r"\son[a-z]+=", text)
    assert "://" not in text


def render(source: str, **values: object) -> str:
    return Template("{% load leeward %}" + source).render(Context(values))


def test_tags_say_times_states_and_numbers() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    due = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
    assert render("{% clock due now %}", due=due, now=now) == (
        '<time class="clock soon" datetime="2026-03-12T11:00+00:00">2 h left</time>'
    )
    assert ">2 h over<" in render("{% clock due now %}", due=now, now=due)
    assert render("{% clock due now %}", due=None, now=now) == '<span class="clock">—</span>'
    assert ">12 March 2026, 04:00<" in render("{% moment now %}", now=now, time_zone="America/Jamaica")
    assert ">12 March 2026, 14:00<" in render("{% moment now 'Asia/Karachi' %}", now=now)
    for zone, distance in (("America/Jamaica", "UTC−5"), ("Asia/Kolkata", "UTC+5:30"), ("UTC", "UTC")):
        assert f">({distance})<" in render("{% zoned_moment now zone %}", now=now, zone=zone)
    assert ">12 March 2026<" in render("{% day now %}", now=now, time_zone="no/such zone")
    assert render("{% state_tag 'acted' %}") == '<span class="tag acted">Acted on</span>'
    assert render("{% state_tag 'acted' word %}", word="<b>") == '<span class="tag acted">&lt;b&gt;</span>'
    assert render("{% bdi_number text %}", text="<1>") == '<bdi dir="ltr">&lt;1&gt;</bdi>'
    assert render("{{ '+1 (876) 555-0116'|tel }}") == "+18765550116"
