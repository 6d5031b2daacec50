"""A native speaker reads what the machine made, changes a text, and pages say it; nothing that could break a page gets in."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import polib
import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import gettext, ngettext, override
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.languages import overlay
from leeward.languages.errors import LanguageIsUnknown, NotACatalogue, TranslationDoesNotFit, TranslationIsEmpty
from leeward.languages.models import LanguageReview, ReviewedText, TextProposal
from leeward.languages.proposals import content
from leeward.languages.queries import as_po, language, reviews_of, texts
from leeward.languages.rules.parts import brings_in, parts, wrong_with
from leeward.languages.rules.readers import is_public_place
from leeward.languages.services import accept_proposal, propose_reading, propose_texts, read_po, review_texts
from leeward.languages.texts import key_of, sources
from tests.personas import PASSWORD, Cast, add_person, date_roles

COMMAND = Actor(kind="command")
RECEIPT = key_of("", "Your receipt", "")


@pytest.fixture(autouse=True)
def own_overlay(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reviewed catalogues of these tests stay among themselves."""
    monkeypatch.setattr(overlay, "folder", lambda: tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS[1:]]
    overlay._Seen.stamp = 0
    yield
    overlay._Seen.stamp = -1
    (tmp_path / "locale").mkdir(exist_ok=True)
    (tmp_path / "locale" / "stamp").touch()
    overlay._Seen.next_poll = 0.0
    overlay.refresh()


def refresh() -> None:
    """What waits for the commit happens, as it would at the end of a request; then catalogues are read again."""
    for _savepoints, publish, _robust in connection.run_on_commit:
        publish()
    overlay.refresh()


def said(text: str, tag: str = "fr") -> str:
    refresh()
    with override(tag):
        return gettext(text)


def mark(proposal_id: int, cast: Cast) -> str:
    """What stands for a proposal as its page shows it now."""
    return content(proposal_id, cast.hotline_id).mark


def by_two(cast: Cast, proposal_id: int) -> None:
    """Let a second person of Jamaica's hotline, which runs the installation, accept a proposal."""
    if "olga" not in cast.people:
        cast.people["olga"] = add_person("olga", ["translator"], cast.hotline_id)
    assert accept_proposal(proposal_id, actor=cast["olga"].actor, seen=mark(proposal_id, cast)).is_in_force


@pytest.mark.django_db
def test_a_text_that_a_person_changed_is_what_pages_say_and_can_be_taken_back(cast: Cast) -> None:
    before = said("Your receipt")
    assert review_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=COMMAND) == 1
    assert said("Your receipt") == "Votre reçu, relu"
    assert Client().get("/lang/fr/").status_code == 200
    by_two(cast, propose_texts("fr", {RECEIPT: ()}, actor=cast["adam"].actor))
    assert said("Your receipt") == before


@pytest.mark.django_db
def test_forms_for_numbers_are_kept_as_the_language_has_them() -> None:
    source = next(one for one in sources("fr").values() if one.plural and parts(one.plural) and len(one.machine) == 2)
    many = source.machine[1] + "…"
    review_texts("fr", {source.key: [source.machine[0], many]}, actor=COMMAND)
    refresh()
    with override("fr"):
        assert ngettext(source.source, source.plural, 5) == many
        assert ngettext(source.source, source.plural, 1) == source.machine[0]


@pytest.mark.django_db
def test_what_does_not_fit_is_refused_with_what_to_keep_and_nothing_is_half_kept() -> None:
    marked = next(one for one in sources("fr").values() if not one.plural and parts(one.source))
    with pytest.raises(TranslationDoesNotFit, match=r"must keep") as refused:
        review_texts("fr", {RECEIPT: ["Bon"], marked.key: ["rien de tel"]}, actor=COMMAND)
    assert parts(marked.source)[0] in refused.value.text
    for form in ('x" onmouseover="y', "<b>Votre</b> reçu", "a < b"):
        with pytest.raises(TranslationDoesNotFit):
            review_texts("fr", {RECEIPT: [form]}, actor=COMMAND)
    for empty in ([""], ["  "], [], ["a", "b"]):
        with pytest.raises(TranslationIsEmpty):
            review_texts("fr", {RECEIPT: empty}, actor=COMMAND)
    assert not ReviewedText.objects.exists()
    with pytest.raises(LanguageIsUnknown):
        review_texts("xx", {RECEIPT: ["a"]}, actor=COMMAND)


@pytest.mark.django_db
def test_a_file_goes_out_to_any_editor_and_comes_back_with_its_changes_only() -> None:
    catalogue = polib.pofile(as_po("fr"))
    entry = catalogue.find("Your receipt")
    assert entry.fuzzy, "what no person has read is marked so"
    entry.msgstr, entry.flags = "Votre reçu, relu", []
    broken = next(one for one in catalogue if parts(one.msgid) and not one.msgid_plural)
    broken.msgstr, broken.flags = "rien de tel", []
    brought = read_po("fr", str(catalogue).encode(), actor=COMMAND)
    assert brought.changes == {RECEIPT: ("Votre reçu, relu",)}
    assert [source for source, _why in brought.refused] == [broken.msgid]
    review_texts("fr", brought.changes, actor=COMMAND)
    again = read_po("fr", as_po("fr").encode(), actor=COMMAND)
    assert (again.changes, again.same, again.refused) == ({}, 1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"GIF89a....", b'msgid "a\nmsgstr', b'msgstr "x"\nmsgid', b"x" * 9_000_000]
)
def test_what_is_no_file_of_texts_is_one_clear_sentence(data: bytes) -> None:
    with pytest.raises(NotACatalogue, match=r"This is not a PO file"):
        read_po("fr", data, actor=COMMAND)


@given(st.binary(max_size=300) | st.text(alphabet='msgidstr "\n\\#,fuzy[0]', max_size=200).map(str.encode))
@pytest.mark.django_db
def test_no_file_breaks_the_reader(data: bytes) -> None:
    with suppress(NotACatalogue):
        assert read_po("fr", data, actor=COMMAND).changes == {}


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_translation_that_passes_opens_no_tag_and_ends_no_attribute(source: str, form: str) -> None:
    if wrong_with(source, "", [form]) == "":
        assert not brings_in(source, form)
        assert parts(source) == parts(form)


@pytest.mark.django_db
def test_who_has_read_a_language_through_is_said_until_then_it_counts_as_machine_made(cast: Cast) -> None:
    assert language("fr").is_unread
    assert language("fr").translated >= language("fr").texts > 2_000
    by_two(cast, propose_reading("fr", by=" Marie  Example ", actor=cast["adam"].actor))
    row = language("fr")
    assert (row.reviewed_by, row.is_unread, reviews_of(["fr"])["fr"].reviewed_by) == (
        "Marie Example",
        False,
        "Marie Example",
    )
    with pytest.raises(NotAllowed):
        propose_reading("fr", by="Marie", actor=cast["ana"].actor)
    assert LanguageReview.objects.count() == 1


def test_what_the_public_reads_is_told_from_the_desks_texts() -> None:
    assert is_public_place("src/leeward/intake/templates/intake/report_1.html")
    assert is_public_place("src/leeward/blocklist/publishing/templates/publishing/includes/stop_text.html")
    assert not is_public_place("src/leeward/intake/templates/intake/desk_reports.html")
    assert not is_public_place("src/leeward/casework/labels.py")


@pytest.mark.django_db
def test_a_translators_morning_in_the_pages(cast: Cast) -> None:

    date_roles(cast["otto"].account_id, ["translator"])
    client = Client()
    client.login(username="otto@staff.example", password=PASSWORD)
    assert client.get("/desk/").headers["Location"].endswith("/desk/languages")
    assert client.get("/desk/reports").status_code == 403
    page = client.get("/desk/languages/fr", {"show": "all", "find": "your receipt"})
    assert b"Your receipt" in page.content
    assert RECEIPT.encode() in page.content
    typed = {"show": "all", "find": "your receipt", "key": [RECEIPT]}
    refused = client.post("/desk/languages/fr", {**typed, f"t-{RECEIPT}": "<i>Reçu</i>"})
    assert refused.status_code == 422
    assert "&lt;i&gt;Reçu&lt;/i&gt;" in refused.content.decode(), "what was typed is not lost"
    kept = client.post("/desk/languages/fr", {**typed, f"t-{RECEIPT}": "Votre reçu, relu"})
    assert kept.status_code == 302
    assert said("Your receipt") != "Votre reçu, relu", "one person alone changes no shared text"
    assert b"Votre re\xc3\xa7u, relu" in client.get("/desk/languages/fr", {"show": "reviewed"}).content
    by_two(cast, TextProposal.objects.get(state="waiting").pk)
    assert said("Your receipt") == "Votre reçu, relu"
    row = ReviewedText.objects.get()
    assert (row.by, [text.source.key for text in texts("fr", show="reviewed").rows]) == ("Otto", [RECEIPT])
    file = client.get("/desk/languages/fr/po").content.decode()
    changed = file.replace("Votre reçu, relu", "Votre reçu, relu deux fois")
    look = client.post("/desk/languages/fr/bring", {"text": changed})
    assert b"1 text would change" in look.content
    assert said("Your receipt") == "Votre reçu, relu"
    client.post("/desk/languages/fr/bring", {"text": changed, "keep": "1"})
    by_two(cast, TextProposal.objects.get(state="waiting").pk)
    assert said("Your receipt") == "Votre reçu, relu deux fois"
    assert client.post("/desk/languages/fr/review", {"by": "Otto"}).status_code == 403
    assert client.post("/desk/languages/fr/bring", {"text": "nothing"}).status_code == 422
    assert client.get("/desk/languages/xx").status_code == 404


def test_a_page_under_way_goes_on_in_its_language_and_a_text_can_go_back(cast: Cast) -> None:
    """Catalogues are changed in place: nothing that another thread has in its hands is taken away."""
    before = said("Your receipt")
    source = sources("fr")[RECEIPT]
    rule = "nplurals=2; plural=(n > 1);"
    with override("fr"):
        overlay.write("fr", [(source, ("Votre quittance",))], plural_rule=rule)
        overlay.refresh()
        assert gettext("Your receipt") == "Votre quittance"
        assert gettext("Address") != "Address", "what was not reviewed is said as before"
        overlay.write("fr", [], plural_rule=rule)
        overlay.refresh()
        assert gettext("Your receipt") == before
