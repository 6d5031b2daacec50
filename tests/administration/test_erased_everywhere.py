"""Of a member of staff who was erased no table, file, page or command keeps the name or the address, and the copy that they get has
each place that did."""

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.hosting.models import Location
from leeward.hosting.services import correct_finding
from leeward.installation import stamp
from leeward.installation.models import Change
from leeward.installation.services import change
from leeward.languages.models import LanguageReview, ReviewedText, TextProposal
from leeward.languages.queries import language, languages
from leeward.languages.services import propose_reading, propose_texts, review_language, review_texts
from leeward.notices.models import Alert, InboundMail, SentSince, StaffNote
from leeward.notices.services.outbox import put
from leeward.oncall.models import Page, PageMessage
from leeward.people import services
from leeward.people.models import Invitation, User
from tests.administration.test_persons import asked, erased, is_whole, looked_for, settled
from tests.languages.test_translating import RECEIPT, by_two, own_overlay
from tests.people.signing import signed_in
from tests.personas import Cast, add_person

__all__ = ["own_overlay"]

pytestmark = pytest.mark.django_db
WHO = "quillon"  # the name is Quillon, the address quillon@staff.example: in no other word of a table
ROLES = ["administrator", "supervisor", "translator", "analyst"]
SETTINGS = "/desk/administration/installation/fetching"


@pytest.fixture
def quillon(cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast with somebody who does a little of everything that keeps names, in an installation of its own."""
    monkeypatch.setattr(stamp, "POLL_SECONDS", 0.0)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    stamp.forget()
    cast.people[WHO] = add_person(WHO, ROLES, cast.hotline_id)
    return cast


def cells(mark: str = WHO) -> dict[str, int]:
    """In how many rows of each column of each table of each database the name or the address stands, the log's too."""
    found: dict[str, int] = {}
    for connection in connections.all():
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
                columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
                counts = ", ".join(
                    f"COUNT(CASE WHEN LOWER(CAST({quote(one)} AS TEXT)) LIKE %s THEN 1 END)" for one in columns
                )
                cursor.execute(f"SELECT {counts} FROM {quote(table)}", [f"%{mark}%"] * len(columns))
                found |= {
                    f"{table}.{one}": count for one, count in zip(columns, cursor.fetchone(), strict=True) if count
                }
    return found


def files(folder: Path, mark: str = WHO) -> list[str]:
    """The files of the data directory in which it stands."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and mark.encode() in path.read_bytes().lower()]


def work(cast: Cast) -> None:
    """What Quillon does, on the desk and by its services."""
    who, now = cast[WHO], datetime.now(UTC)
    user = User.objects.get(pk=who.account_id)
    change("fetching", {"fetch_seconds": 33}, reason="Slow hosts", actor=who.actor)
    by_two(cast, propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=who.actor))
    propose_texts("fr", {RECEIPT: ["Votre reçu, encore"]}, actor=who.actor)
    by_two(cast, propose_reading("fr", by=" Quillon ", actor=who.actor))
    propose_reading("hi", by="QUILLON", actor=cast["adam"].actor)
    review_language("bn", by="Quillon", actor=Actor("command"))
    Invitation.objects.create(
        hotline_id=cast.hotline_id, email=user.email, name=user.name, account=user, invited_at=now, expires_at=now
    )
    with scope(hotline=cast.hotline_id):
        place = Location.objects.create(hotline_id=cast.hotline_id, kind="page", key="a", display="http://a.example/")
        correct_finding(place.pk, kind="country", value="CA", reason="The host wrote so.", actor=who.actor)
        note = StaffNote.objects.create(
            hotline_id=cast.hotline_id, person=user, what="reset", key="1", path="/desk/", made_at=now
        )
        alert = Alert.objects.create(hotline_id=cast.hotline_id, what="remind", to=user.email, created_at=now)
        for kind, about in (("staff", note.pk), ("alert", alert.pk)):
            put(kind, about, to=user.email, hotline_id=cast.hotline_id, due_at=now, urgent=False)
        page = Page.objects.create(hotline_id=cast.hotline_id, portal_id=cast.portal_id, opened_at=now, kind="test")
        for person in (user, User.objects.get(pk=cast["bela"].account_id)):
            PageMessage.objects.create(
                hotline_id=cast.hotline_id,
                page=page,
                round=1,
                way="mail",
                person=person,
                to=person.email,
                created_at=now,
            )
        InboundMail.objects.create(
            hotline_id=cast.hotline_id,
            message_id="<a@b>",
            sender="Quillon@Staff.example",
            subject="A page",
            received_at=now,
        )
    SentSince.objects.create(message_id="<s1@here.example>", to=user.email, fate="left", at=now)


def shown(cast: Cast) -> str:
    """The pages and the command that show who did it."""
    adam = signed_in(cast, "adam")
    pages = [SETTINGS, "/desk/languages", "/desk/languages/proposals", "/desk/languages/fr?show=reviewed"]
    pages += [f"/desk/languages/proposals/{number}" for number in TextProposal.objects.values_list("pk", flat=True)]
    listed = [f"{row.name}: {row.reviewed_by}\n" for row in languages()]  # as `leeward language list` does
    return "".join(listed + [adam.get(page).content.decode() for page in pages]).casefold()


def test_no_table_file_page_or_command_keeps_a_name_that_was_erased(quillon: Cast, tmp_path: Path) -> None:
    cast, who = quillon, quillon[WHO]
    work(cast)
    before, page = cells(), shown(cast)
    assert {"languages_reviewedtext.by", "languages_languagereview.by", "languages_textproposal.reader"} <= set(before)
    assert "installation_change.by" not in before, "who changed a setting is kept by number"
    assert page.count(WHO) >= 6, "the pages name them as long as they are here"
    settings_page = signed_in(cast, "adam").get(SETTINGS).content.decode()
    assert "<bdi>Quillon</bdi>" in settings_page
    services.close_account(who.account_id, actor=cast["adam"].actor)
    erased(cast, "staff", who.email)
    assert cells() == {}
    assert files(tmp_path) == []
    page = shown(cast)
    assert WHO not in page
    assert page.count(f"#{who.account_id}") >= 6, "a number is left, under which it can still be followed"
    assert f"<bdi>#{who.account_id}</bdi>" in signed_in(cast, "adam").get(SETTINGS).content.decode()
    assert language("fr").reviewed_by == f"#{who.account_id}"
    assert is_whole(cast)


def test_the_copy_has_each_place_that_erasing_empties(quillon: Cast) -> None:
    cast, who = quillon, quillon[WHO]
    work(cast)
    (page,) = looked_for(signed_in(cast, "adam"), "staff", who.email)
    request = asked(signed_in(cast, "adam"), page, "export").url
    assert settled(signed_in(cast, "carl"), request, "confirm").status_code == 302
    data = json.loads(signed_in(cast, "adam").post(f"{request}/copy").content)["data"]
    has = {kind: json.dumps(rows).casefold().count(WHO) for kind, rows in data.items()}
    assert has["account"] == has["invitations"] == 2
    assert (has["letters"], has["pages"], has["letters_since_backup"]) == (2, 1, 1)
    assert has["mails"] == 1
    assert has["places_corrected"] == has["texts_in_force"] == 1
    assert has["languages_reviewed"] == 2
    assert (len(data["texts_proposed"]), has["texts_proposed"]) == (4, 5)
    assert [row["reason"] for row in data["settings_changed"]] == ["Slow hosts"]


def test_two_who_got_the_same_page_can_both_be_erased(quillon: Cast) -> None:
    cast = quillon
    work(cast)
    for name in (WHO, "bela"):
        services.close_account(cast[name].account_id, actor=cast["adam"].actor)
        erased(cast, "staff", cast[name].email)
    with scope(hotline=cast.hotline_id):
        assert PageMessage.objects.exclude(to__endswith="@erased.invalid").count() == 0


def test_nobody_else_of_the_same_name_loses_theirs(quillon: Cast) -> None:
    """Somebody at another hotline who is called the same, who put a later text into force and has read another language."""
    cast, who = quillon, quillon[WHO]
    User.objects.filter(pk=cast["dora"].account_id).update(name="Quillon")
    namesake = Actor("staff", cast["dora"].account_id, "Quillon", cast.other_hotline_id, cast["dora"].actor.roles)
    mine = propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=who.actor)
    by_two(cast, mine)
    assert ReviewedText.objects.get().by == "Quillon"
    theirs = propose_texts("fr", {RECEIPT: ["Votre reçu, à elle"]}, actor=namesake)
    TextProposal.objects.filter(pk=theirs).update(state="accepted", decided_at=datetime.now(UTC))
    reading = propose_reading("hi", by="Quillon", actor=namesake)
    TextProposal.objects.filter(pk=reading).update(state="accepted", decided_at=datetime.now(UTC))
    LanguageReview.objects.create(language="hi", by="Quillon", at=datetime.now(UTC))
    review_texts("ur", {RECEIPT: ["رسید"]}, actor=Actor("command"))
    services.close_account(who.account_id, actor=cast["adam"].actor)
    erased(cast, "staff", who.email)
    assert LanguageReview.objects.get().by == "Quillon"
    assert ReviewedText.objects.get(language="fr").by == "Quillon"
    assert TextProposal.objects.get(pk=reading).reader == "Quillon"
    assert TextProposal.objects.get(pk=mine).by_name == f"#{who.account_id}"
    assert ReviewedText.objects.get(language="ur").by == "command"


def test_a_text_of_theirs_under_the_name_they_had_then_is_found(quillon: Cast) -> None:
    cast, who = quillon, quillon[WHO]
    by_two(cast, propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=who.actor))
    User.objects.filter(pk=who.account_id).update(name="Vetch")
    services.close_account(who.account_id, actor=cast["adam"].actor)
    erased(cast, "staff", who.email)
    assert ReviewedText.objects.get().by == f"#{who.account_id}"
    assert cells() == cells("vetch") == {}


def test_who_changed_a_setting_before_names_were_left_out_is_taken_from_the_log(quillon: Cast) -> None:
    """An upgrade puts numbers in place of names, also of one that somebody has no more; what a command changed stays."""
    cast, who = quillon, quillon[WHO]
    change("fetching", {"fetch_seconds": 31}, reason="One", actor=Actor("command"))
    change("fetching", {"fetch_seconds": 32}, reason="Two", actor=cast["adam"].actor)
    change("fetching", {"fetch_seconds": 33}, reason="Three", actor=who.actor)
    change("keeping", {"desk_days": 33}, reason="Four", actor=who.actor)
    labels = list(Change.objects.order_by("pk").values_list("by", flat=True))
    for row, name in zip(Change.objects.order_by("pk"), ("command", "Tern", "Quillon", "Vetch"), strict=True):
        Change.objects.filter(pk=row.pk).update(by=name)
    import_module("leeward.installation.migrations.0002_who_changed").take_numbers_from_the_log(apps, None)
    assert list(Change.objects.order_by("pk").values_list("by", flat=True)) == labels
    assert labels[1:] == [f"staff:{cast[name].account_id}" for name in ("adam", WHO, WHO)]
