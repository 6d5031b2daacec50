"""From what was pasted to the things that a report names."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.intake.rules.typed import MOST_ADDRESSES, clean
from leeward.intake.rules.where import ItemDraft, item_drafts, new_items, read_pieces, without

PASTED = """hxxps://pictures[.]harbour-host[.]example/a/77
http://other.example/b
blue_kite again"""


def test_each_piece_is_recognised_and_a_name_without_a_place_is_asked_about() -> None:
    pieces = read_pieces(PASTED, {})
    assert [piece.item.kind for piece in pieces] == ["url", "url", "unknown", "unknown"]
    assert pieces[0].item.display == "https://pictures.harbour-host.example/a/77"
    assert pieces[0].undone
    assert [piece.needs_service for piece in pieces] == [False, False, True, False]
    assert [piece.is_prose for piece in pieces] == [False, False, False, True]


def test_an_answer_makes_the_name_an_account_like_one_typed_in_full() -> None:
    answered = item_drafts("blue_kite", {"blue_kite": "Telegram"})
    in_full = item_drafts("blue_kite on Telegram", {})
    assert answered[0].kind == "account"
    assert answered[0].key == in_full[0].key
    assert answered[0].typed == "blue_kite"


def test_an_answer_with_an_unheard_of_app_is_kept_too() -> None:
    (thing,) = item_drafts("blue kite", {"blue kite": "The new app nobody knows"})
    assert (thing.kind, thing.service) == ("account", "The new app nobody knows")
    assert thing.comparable


def test_whose_name_it_is_is_kept_beside_how_it_is_shown() -> None:
    (typed,) = item_drafts("Instagram badguy_77", {})
    (answered,) = item_drafts("blue_kite", {"blue_kite": "Telegram"})
    (unheard,) = item_drafts("blue kite", {"blue kite": "The new app nobody knows"})
    (group,) = item_drafts("discord server Night Owls", {})
    assert [one.name for one in (typed, answered, unheard, group)] == [
        "badguy_77", "blue_kite", "blue kite", "Night Owls",
    ]  # fmt: skip


def test_a_number_is_read_as_one_of_the_portals_country_and_a_short_word_in_the_reporters_language() -> None:
    (number,) = item_drafts("WhatsApp 876 555 0100", {}, country="JM")
    assert (number.kind, number.comparable) == ("phone", "+18765550100")
    assert [one.kind for one in item_drafts("wa badguy77", {}, language="en")] == ["account"]
    assert "account" not in {one.kind for one in item_drafts("wa badguy77", {}, language="sw")}
    assert [piece.item.comparable for piece in read_pieces("WhatsApp 876 555 0100", {}, country="JM")] == [
        "+18765550100"
    ]


def test_the_same_thing_twice_is_one() -> None:
    assert len(item_drafts("http://a.example/x\nHTTP://A.example/x\nhxxp://a[.]example/x", {})) == 1


def test_no_place_at_all_is_one_thing_in_words() -> None:
    assert item_drafts("", {}) == (ItemDraft("words"),)
    assert item_drafts("  \n ", {}) == (ItemDraft("words"),)


def test_a_sentence_is_not_asked_about_and_names_nothing_beside_an_address() -> None:
    pieces = read_pieces("http://a.example/x\nsomebody posted it in our chess group yesterday", {})
    assert [piece.is_prose for piece in pieces] == [False, True]
    assert not any(piece.needs_service for piece in pieces)
    assert [thing.kind for thing in item_drafts("http://a.example/x\nsomebody posted it in our group", {})] == ["url"]
    assert [thing.kind for thing in item_drafts("somebody posted it in our chess group", {})] == ["unknown"]


def test_a_piece_is_taken_out_where_it_stands_alone() -> None:
    text = "http://a.example/x/y\nhttp://a.example/x"
    assert without(text, "http://a.example/x") == "http://a.example/x/y"
    assert without(text, "http://a.example/x", "http://b.example/") == "http://a.example/x/y\nhttp://b.example/"
    assert without(text, "did not keep it") == text


def test_nothing_is_read_beyond_the_first_address_that_is_too_many() -> None:
    many = "\n".join(f"http://a.example/{number}" for number in range(1000))
    assert len(read_pieces(many, {})) == MOST_ADDRESSES + 1


def test_an_address_named_often_is_one_and_does_not_hide_the_next() -> None:
    assert len(read_pieces("http://a.example/\n" * 300 + "http://b.example/", {})) == 2


@given(
    st.lists(
        st.sampled_from(["http://a.example/1", "http://b.example/2", "@kite on chat", "kite", "999 999 9999"]),
        unique=True,
    )
)
def test_taking_out_every_piece_leaves_nothing(parts) -> None:
    text = "\n".join(parts)
    for _ in range(len(parts)):
        pieces = read_pieces(text, {})
        if pieces:
            text = without(text, pieces[0].item.typed)
    assert not read_pieces(text, {})


@given(st.text(st.characters(), max_size=300), st.text(max_size=20))
def test_nothing_pasted_is_ever_an_error_and_each_thing_stands_once(pasted, answer) -> None:
    text = clean(pasted)
    pieces = read_pieces(text, {piece.item.typed: clean(answer) for piece in read_pieces(text, {})})
    keys = [piece.item.key for piece in pieces]
    assert len(set(keys)) == len(keys)
    for piece in pieces:
        without(text, piece.item.typed)
    assert item_drafts(text, {})


def test_only_what_is_new_is_new() -> None:
    items = item_drafts("http://a.example/x\nhttp://b.example/y", {})
    assert new_items(items, {items[0].key}) == [items[1]]
    assert new_items((ItemDraft("words"),), set()) == []


def test_each_piece_says_what_is_known_of_it() -> None:
    text = "http://user:word@a.example/\nhttp://[x/\none two three\nfour words of prose"
    address, broken, name, prose = read_pieces(text, {})
    assert [piece.number for piece in (address, broken, name, prose)] == [1, 2, 3, 4]
    assert address.notes == ("A name and password in the address were left out.",)
    assert [piece.problem for piece in (address, broken, name, prose)] == ["", "This host name can't exist.", "", ""]
    assert [piece.was_asked for piece in (address, broken, name, prose)] == [False, False, True, False]
    assert [piece.is_prose for piece in (address, broken, name, prose)] == [False, False, False, True]
    answered = read_pieces("kite", {"kite": "x" * 150})[0]
    assert (answered.was_asked, answered.needs_service, answered.item.service) == (True, False, "x" * 100)


def test_sentences_alone_are_one_thing_and_a_piece_with_unseen_letters_is_found() -> None:
    assert len(item_drafts("somebody posted it in our group\nand another sentence of words", {})) == 1
    assert without("ki\u200bte\nhttp://a.example/", "kite", "boat") == "boat\nhttp://a.example/"


def test_a_piece_is_found_where_it_stands_by_itself_else_where_it_stands_first() -> None:
    assert without("akite kite", "kite", "boat") == "akite boat"
    assert without("kites kite", "kite", "boat") == "kites boat"
    assert without("akite kites", "kite", "boat") == "aboat kites"
    assert without("kite; kites", "kite", "boat") == "boat; kites"
    assert without("kite", "kite", "boat") == "boat"
    assert without("blue \t\n kite on, b", "blue kite", "boat") == "boat on, b"
    assert without("my blue  kite\nhttp://a.example/", "blue kite", "boat") == "my boat\nhttp://a.example/"
    assert without("(kite),\nhttp://a.example/", "kite") == "http://a.example/"


def test_an_answered_name_is_shown_as_one_typed_in_full() -> None:
    (in_full,) = item_drafts("blue_kite on Telegram", {})
    assert in_full.service == "Telegram"
    for typed in ("blue_kite", "@blue_kite"):
        (thing,) = item_drafts(typed, {typed: "Telegram"})
        assert (thing.typed, thing.display, thing.key, thing.service) == (
            typed, in_full.display, in_full.key, "Telegram",
        )  # fmt: skip
    (marked,) = item_drafts("@kite", {"@kite": "The new App nobody knows"})
    assert (marked.display, marked.comparable) == ("kite", "the new app nobody knows:kite")
    assert item_drafts("Xkite", {"Xkite": "The new App nobody knows"})[0].display == "Xkite"
    (unheard,) = item_drafts("Blue kite", {"Blue kite": "The new App nobody knows"})
    assert (unheard.display, unheard.comparable) == ("Blue kite", "the new app nobody knows:blue kite")


def test_white_space_and_marks_around_a_piece_are_not_part_of_it() -> None:
    assert without("blue\t kite", "blue kite", "boat") == "boat"
    assert without("kite ", "kite", "boat") == "boat "
    assert without("kites (kite) kite", "kite", "boat") == "kites (boat) kite"
    assert without("akite kite b kite", "kite", "boat") == "akite boat b kite"
    assert without("akite kite and", "kite", "boat") == "akite boat and"
