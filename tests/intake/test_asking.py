"""Questions to reporters: known by a code, read in the reporter's language, answered with a press or in words, taken back."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.intake import queries
from leeward.intake.errors import CodeTaken, NothingTyped, QuestionIsSettled, ReportIsClosed
from leeward.intake.rules.canned import SHIPPED, best_text
from leeward.intake.services import (
    Received,
    answer_question,
    ask_reporter,
    keep_question,
    switch_question,
    tell_reporter,
    withdraw_question,
)
from leeward.people.models import Portal, User
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.intake.walk import Walk
from tests.personas import Cast

pytestmark = pytest.mark.django_db


def test_a_dialogue_over_several_visits_in_the_reporters_language(
    receive: Callable[..., Received], within: Cast
) -> None:
    Portal.objects.filter(pk=within.portal_id).update(languages=["en", "fr"])
    ana, carl = within["ana"].actor, within["carl"].actor
    texts = {"en": "Which school is it?", "fr": "Quelle école est-ce ?"}
    keep_question("which-school", texts=texts, form="words", hotline_id=within.hotline_id, actor=carl, is_new=True)
    received = receive()
    report = received.report_id
    first = ask_reporter(report, canned="password", actor=ana)
    own = ask_reporter(report, canned="which-school", actor=ana)
    keep_question("which-school", texts={"en": "Other words"}, form="yes_no", hotline_id=within.hotline_id, actor=carl)
    last = ask_reporter(report, canned="still-there", actor=ana)
    walk = Walk().open("/jm/fr/receipt").send("open", receipt=received.receipt)
    with translation.override("fr"):
        assert " ".join(translation.gettext(SHIPPED["password"].text).split()) in walk.text
    walk.send(act="answer", choice="unknown", text="Maybe.")
    assert texts["fr"] in walk.text, "as it was asked, in the language of the page"
    assert "Maybe." not in walk.text
    assert walk.page.xpath("string(//section[@aria-labelledby='talked']//b)").strip()
    walk.send(act="answer", choice="yes")
    assert walk.page.xpath("//div[@role='alert']"), "yes is no answer to what asks for words"
    walk.send(act="answer", choice="unknown")
    withdraw_question(last, actor=ana)
    withdraw_question(last, actor=ana)
    with pytest.raises(QuestionIsSettled):
        answer_question(report, last, choice="yes", form_key=new_form_key())
    with pytest.raises(QuestionIsSettled):
        withdraw_question(first, actor=ana)
    said = {row.id: row for row in queries.messages_of(report)}
    assert [queries.wording(row)[0] for row in said.values() if row.answers] == ["I don’t know\nMaybe.", "I don’t know"]
    assert (said[own].answered_at is None, said[last].withdrawn_at is None) == (False, False)
    late = ask_reporter(report, canned="child-known", actor=ana)
    tell_reporter(queries.items_of(report)[0].id, state="closed", reason="removed")
    for refused in (
        lambda: answer_question(report, late, choice="no", form_key=new_form_key()),
        lambda: ask_reporter(report, canned="password", actor=ana),
    ):
        with pytest.raises(ReportIsClosed):
            refused()
    walk = Walk().open("/jm/receipt").send("open", receipt=received.receipt)
    assert "Your report is closed. You don’t have to answer what we asked before." in walk.text
    assert not walk.page.xpath("//input[@name='question']")


def test_the_list_belongs_to_the_supervisor(receive: Callable[..., Received], within: Cast) -> None:
    def keep(code: str, who: str = "carl", **more: object) -> None:
        values = {"texts": {"en": "When was it?"}, "form": "words", "is_new": True} | more
        keep_question(code, hotline_id=within.hotline_id, actor=within[who].actor, **values)

    for error, act in (
        (NotAllowed, lambda: keep("mine", "ana")),
        (BadInput, lambda: keep("mine", texts={"en": "When was it?", "fr": "Appelez le 555 1234."})),
        (CodeTaken, lambda: keep("password")),
        (NothingTyped, lambda: keep("mine", texts={"en": "  "})),
        (NotFound, lambda: keep("mine", is_new=False)),
    ):
        with pytest.raises(error):
            act()
    keep("mine")
    with pytest.raises(CodeTaken):
        keep("mine")
    switch_question("password", is_off=True, hotline_id=within.hotline_id, actor=within["carl"].actor)
    rows = {row.code: row for row in queries.canned_questions(within.hotline_id)}
    assert rows["password"].is_off
    assert rows["mine"].text_in("sw") == ("When was it?", "en")
    assert len(rows) == len(SHIPPED) + 1
    with pytest.raises(NotFound):
        ask_reporter(receive().report_id, canned="password", actor=within["ana"].actor)


def test_the_page_of_the_list(cast: Cast) -> None:
    from django.test import Client

    from leeward.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=cast["carl"].account_id))
    Portal.objects.filter(pk=cast.portal_id).update(languages=["en", "fr"])
    walk = Walk(client).open("/desk/questions/new")
    fields = {"code": "Which-School", "form": "words", "text-fr": "Quelle école ?"}
    seen = {"seen": seen_on(client.get("/desk/questions/new").content.decode())}
    walk.response = client.post("/desk/questions/new", fields | seen | {"text-fr": " "})
    assert walk.response.status_code == 422
    assert "There is nothing in it yet." in walk.text
    walk.response = client.post("/desk/questions/new", fields | seen, follow=True)
    assert "Quelle école ?" in walk.text
    walk.open("/desk/questions/which-school")
    older = {"seen": seen_on(client.get("/desk/questions/which-school").content.decode())}
    changed = {"form": "words", "text-en": "Which school?"}
    walk.response = client.post("/desk/questions/which-school", changed | older, follow=True)
    assert "Which school?" in walk.text
    for seen in ({}, older):
        client.post("/desk/questions/which-school", {"form": "words", "text-en": "Which one?"} | seen)
        assert "Which school?" in client.get("/desk/questions").content.decode(), "a page from before puts nothing back"
    hide = {"code": "password", "off": "yes", "seen": seen_of(client, "password")}
    walk.response = client.post("/desk/questions", hide, follow=True)
    assert walk.text.count("hidden") >= 1
    assert client.get("/desk/questions/password").status_code == 404, "what is shipped is hidden, not changed"


def test_the_best_words_that_there_are() -> None:
    assert best_text({"pt": "Onde?"}, "pt-br", "en") == ("Onde?", "pt")
    assert best_text({"sw": "Wapi?"}, "fr", "sw") == ("Wapi?", "sw")
    assert best_text({"hi": "x"}, "fr") == ("x", "hi")
    assert best_text({}, "fr") == ("", "")


def seen_of(client: Client, code: str) -> str:
    """The mark of a question in the list."""
    page = client.get("/desk/questions").content.decode()
    found = re.search(rf'name="seen" value="([^"]+)">\s*<input type="hidden" name="code" value="{code}"', page)
    assert found
    return found[1]


def test_by_a_page_from_before_nobody_shows_a_question_again(within: Cast, client: Client) -> None:
    carl, keep = within["carl"].actor, {"form": "words", "hotline_id": within.hotline_id}
    keep_question("which", texts={"en": "Which school?"}, actor=carl, is_new=True, **keep)
    switch_question("which", is_off=True, hotline_id=within.hotline_id, actor=carl)
    client.force_login(User.objects.get(pk=within["carl"].account_id))
    older = seen_of(client, "which")
    keep_question("which", texts={"en": "Which town?"}, actor=carl, **keep)
    for seen in ("", older):
        again = {"code": "which", "off": "no", "seen": seen}
        page = client.post("/desk/questions", again, follow=True).content.decode()
        assert ("Something else was entered since" in page, "Which town?" in page) == (True, True)
        assert [row.is_off for row in queries.canned_questions(within.hotline_id) if row.code == "which"] == [True]
    client.post("/desk/questions", {"code": "which", "off": "no", "seen": seen_of(client, "which")})
    assert [row.is_off for row in queries.canned_questions(within.hotline_id) if row.code == "which"] == [False]
