"""A report while it is being written: everything travels, limits say one sentence, nothing is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leeward.intake.rules.draft import (
    KINDS,
    Draft,
    Problem,
    ReportDraft,
    all_services_answered,
    first_step_with,
    latest_step,
    problems_of,
    read_draft,
    remove_piece,
    report_draft,
)
from leeward.intake.rules.where import item_drafts, read_pieces


class Sent:
    """Fields as a form sends them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def get(self, key: str, default: str) -> str:
        return next((value for name, value in reversed(self.pairs) if name == key), default)

    def getlist(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]


def _told(draft: Draft, *, country: str = "", language: str = "", **more: bool) -> ReportDraft:
    return report_draft(draft, read_pieces(draft.where, draft.services, country=country, language=language), **more)


FULL = Draft(
    once="k" * 32,
    kind="contact",
    young=True,
    where="kite\nhttp://a.example/",
    services={"kite": "Telegram"},
    login=True,
    password="open",
    referrer="http://b.example/",
    when="week",
    text="I found a bad page.",
    mail="someone@mail.example",
)


def test_what_is_sent_is_read_whole() -> None:
    plain = {
        "once": FULL.once, "kind": "contact", "young": "1", "where": FULL.where, "login": "1", "password": "open",
        "referrer": FULL.referrer, "when": "week", "text": FULL.text, "mail": FULL.mail, "named": "kite", "service": "Telegram",
    }  # fmt: skip
    assert read_draft(Sent(list(plain.items()))) == FULL


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts, texts, texts, texts)
def test_whatever_was_typed_travels_unchanged(where, text, mail, password) -> None:
    draft = read_draft(Sent([("where", where), ("text", text), ("mail", mail), ("password", password)]))
    again = read_draft(
        Sent([("where", draft.where), ("text", draft.text), ("mail", draft.mail), ("password", draft.password)])
    )
    assert replace(again, nul=()) == replace(draft, nul=())


def test_a_changed_piece_takes_its_place_and_its_answer_with_it() -> None:
    sent = [("where", "kite\nhttp://a.example/"), ("named", "kite"), ("service", "Telegram")]
    draft = read_draft(Sent([*sent, ("changing", "kite"), ("changed", "kite_2")]))
    assert draft.where == "kite_2\nhttp://a.example/"
    assert draft.services == {"kite_2": "Telegram"}
    emptied = read_draft(Sent([*sent, ("changing", "http://a.example/"), ("changed", "")]))
    assert emptied.where == "kite"


def test_a_removed_piece_is_gone_with_its_answer() -> None:
    draft = remove_piece(FULL, "kite")
    assert draft.where == "http://a.example/"
    assert draft.services == {}


def test_an_empty_report_of_something_is_complete_but_the_kind_is_needed() -> None:
    assert problems_of(Draft(kind="else")) == []
    assert problems_of(Draft()) == [Problem("kind", "kind_missing")]
    assert [thing.kind for thing in _told(Draft(kind="else")).items] == ["words"]


def test_limits_say_which_and_how_much() -> None:
    long = problems_of(Draft(kind="else", text="x" * 20_001))
    assert long == [Problem("text", "too_long", {"number": 20_001, "most": 20_000})]
    assert problems_of(Draft(kind="else", text="x" * 20_000)) == []
    many = problems_of(Draft(kind="else"), pieces=201)
    assert many == [Problem("where", "too_many_addresses", {"most": 200})]
    assert problems_of(Draft(kind="else"), pieces=200) == []
    assert problems_of(Draft(kind="else", where="x" * 100_001))[0].code == "too_long"
    assert problems_of(Draft(kind="else", services={"kite": "x" * 101}))[0].code == "service_too_long"


def test_a_page_that_comes_again_opens_at_the_last_step_with_something_in_it() -> None:
    drafts = (
        Draft(),
        Draft(kind="me"),
        Draft(where="kite"),
        Draft(kind="me", text="x"),
        Draft(mail="a@"),
        Draft(when="week"),
    )
    assert [latest_step(draft) for draft in drafts] == [1, 2, 2, 3, 3, 3]


def test_the_step_of_the_first_problem_is_shown() -> None:
    assert first_step_with([Problem("mail", "mail_no_at"), Problem("where", "too_long")], 3) == 2
    assert first_step_with([Problem("form", "file")], 2) == 2


def test_nul_is_said_and_gone() -> None:
    draft = read_draft(Sent([("kind", "else"), ("text", "a\x00b")]))
    assert draft.text == "ab"
    assert problems_of(draft) == [Problem("text", "nul")]


def test_an_empty_answer_is_an_answer() -> None:
    pieces = read_pieces("kite", {})
    assert not all_services_answered(Draft(), pieces)
    assert all_services_answered(Draft(services={"kite": ""}), pieces)


def test_only_a_picture_of_oneself_asks_about_threats_and_a_change_of_kind_forgets_the_answer() -> None:
    asked = [kind for kind in KINDS if any(one.name == "threat" for one in problems_of(Draft(kind=kind)))]
    assert asked == ["me"]
    assert problems_of(Draft(kind="me")) == [Problem("threat", "threat_missing")]
    assert _told(Draft(kind="me", threat="yes")).urgency == "threat"
    assert _told(Draft(kind="page", threat="yes")).urgency == ""
    assert _told(Draft(kind="page", threat="yes")).threat == ""


def test_what_somebody_wants_of_the_police_is_asked_of_their_own_picture_and_kept_only_where_it_was_asked() -> None:
    for wish in ("quiet", "police"):
        sent = read_draft(Sent([("kind", "me"), ("threat", "no"), ("wish", wish)]))
        assert (sent.threat, sent.wish) == ("no", wish)
        assert _told(sent, asks_wish=True).wish == wish
        assert _told(sent).wish == ""
        assert _told(replace(sent, kind="page"), asks_wish=True).wish == ""
        assert problems_of(sent, asks_wish=True) == []
    assert read_draft(Sent([("wish", "all")])).wish == ""
    silent = Draft(kind="me", threat="no")
    assert problems_of(silent, asks_wish=True) == [Problem("wish", "wish_missing")]
    assert problems_of(silent) == []
    for threat in ("yes", "unsure"):
        assert problems_of(replace(silent, threat=threat), asks_wish=True) == [], "it would change nothing"
    assert problems_of(Draft(kind="page"), asks_wish=True) == []
    assert problems_of(Draft(kind="page", threat="no"), asks_wish=True) == []


@given(st.lists(st.tuples(st.sampled_from([
    "once", "kind", "young", "threat", "where", "named", "service", "changing", "changed", "login", "password", "referrer", "when", "text", "mail",
]), texts), max_size=20))  # fmt: skip
def test_torn_fields_are_never_an_error(pairs) -> None:
    draft = read_draft(Sent(pairs))
    problems_of(draft, pieces=len(read_pieces(draft.where, draft.services)))
    assert _told(draft).items


def test_a_form_that_sent_nothing_is_an_empty_draft_and_made_up_choices_are_none() -> None:
    assert read_draft(Sent([])) == Draft()
    made_up = [("kind", "boat"), ("threat", "perhaps"), ("when", "never"), ("young", "yes"), ("login", "yes")]
    assert read_draft(Sent(made_up)) == Draft()
    assert len(read_draft(Sent([("once", "k" * 100)])).once) == 64


def test_a_change_that_was_not_asked_for_is_none() -> None:
    sent = [("where", "kite, http://a.example/"), ("named", "kite"), ("service", "Telegram")]
    for torn in ([("changing", "kite")], [("changed", "boat")]):
        draft = read_draft(Sent(sent + torn))
        assert (draft.where, draft.services) == ("kite, http://a.example/", {"kite": "Telegram"})
    other = read_draft(Sent([*sent, ("changing", "http://a.example/"), ("changed", "http://b.example/")]))
    assert (other.where, other.services) == ("kite, http://b.example/", {"kite": "Telegram"})
    assert read_draft(Sent([("named", "kite")])).services == {}


def test_the_report_says_all_that_was_typed() -> None:
    assert _told(FULL) == ReportDraft(
        kind="contact", items=item_drafts(FULL.where, FULL.services), where=FULL.where, text=FULL.text, when_seen="week",
        under_18=True, contact=FULL.mail, needs_login=True, password="open", referrer=FULL.referrer,
    )  # fmt: skip
    assert _told(FULL).items[0].service == "Telegram"
    assert _told(Draft(kind="me", threat="no")).threat == "no"
    assert _told(Draft(kind="else")).when_seen == "unknown"


def test_the_report_is_read_in_its_portals_country_and_its_own_language() -> None:
    number = _told(replace(FULL, where="WhatsApp 876 555 0100"), country="JM")
    assert [item.comparable for item in number.items] == ["+18765550100"]
    short = [_told(replace(FULL, where="wa badguy77"), language=tag).items[0].kind for tag in ("en", "sw")]
    assert short[0] == "account" != short[1]


def test_every_field_has_its_limit_and_only_the_first_fault_of_a_place_is_named() -> None:
    at_most = Draft(kind="else", services={"kite": "x" * 100}, password="x" * 300, referrer="x" * 2000)
    assert problems_of(at_most) == []
    longer = Draft(kind="else", services={"kite": "x" * 101}, password="x" * 301, referrer="x" * 2001)
    assert problems_of(longer) == [
        Problem("where", "service_too_long", {"most": 100}),
        Problem("password", "too_long", {"number": 301, "most": 300}),
        Problem("referrer", "too_long", {"number": 2001, "most": 2000}),
    ]
    assert [one.code for one in problems_of(replace(longer, password="", referrer=""), pieces=201)] == [
        "too_many_addresses"
    ]
    full = replace(longer, where="x" * 100_001, password="", referrer="")
    assert problems_of(full, pieces=201) == [Problem("where", "too_long", {"number": 100_001, "most": 100_000})]
    assert problems_of(Draft(kind="else", mail="someone")) == [Problem("mail", "mail_no_at")]


def test_nul_is_named_in_every_field() -> None:
    for name in ("where", "password", "referrer", "text", "mail"):
        draft = read_draft(Sent([("kind", "else"), (name, "\x00")]))
        assert problems_of(draft) == [Problem(name, "nul")]


def test_a_place_that_is_known_needs_no_answer_and_no_problem_leads_nowhere() -> None:
    assert all_services_answered(Draft(), read_pieces("http://a.example/", {}))
    assert first_step_with([], 3) == 3
