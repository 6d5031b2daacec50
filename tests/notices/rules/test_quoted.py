"""What a mail quotes of a reporter's words goes with them, however the mail program changed it, and what others wrote stays."""

from random import Random
from textwrap import wrap
from time import process_time

import pytest

from leeward.notices.rules.plain_text import without_our_links
from leeward.notices.rules.quoted import LEFT_OUT, is_distinctive, pieces_of, quoted_in, without_pieces

WORDS = "He said that he comes back on Friday, and that nobody would believe me"
LINE = f"Report of 2026-11-30: “{WORDS}”"
LONG = "Report of 2026-11-30: “The red boat left at nine in the morning. Then it rained! It goes to the island of Saint Anne at ten.”"
SHORT = "Password of the page or file: “house”"


def without(text: str, lines: list[str], left: tuple[str, ...] = ()) -> str:
    return without_pieces(text, pieces_of(lines), pieces_of(left))


@pytest.mark.parametrize("width", [20, 40, 72, 500])
@pytest.mark.parametrize("before", ["", "> ", ">> ", ">", "| ", "PB> ", "- ", ": ", "\t> > "])
def test_a_quoted_line_goes_and_what_they_wrote_themselves_stays(before: str, width: int) -> None:
    quoted = "\n".join(f"{before}{part}" for part in wrap(f"  - {LINE}", width))
    left = without(f"We have got it.\n{quoted}\nTell us where he lives.", [LINE])
    assert "Friday" not in left
    assert "believe" not in left
    assert left.startswith("We have got it.")
    assert left.endswith(f"{LEFT_OUT}\nTell us where he lives.")
    assert left.count(LEFT_OUT) == 1


@pytest.mark.parametrize(
    "quoted",
    [
        LINE.upper(),
        LINE.replace("“", '"').replace("”", '"'),
        LINE.replace(" ", "\u00a0"),
        LINE.replace("Friday", "Fri\u200bday").replace("nobody", "no\u00adbody"),
        LINE.replace("nobody", "no-\n> body"),
        LINE.replace("Friday", "Ｆｒｉｄａｙ"),
        LINE.replace("Report of 2026-11-30", "Rapport du 30 novembre"),
    ],
)
def test_it_goes_however_its_letters_are_written(quoted: str) -> None:
    left = without(f"> {quoted}", [LINE])
    assert LEFT_OUT in left
    assert "believe" not in left.casefold()
    assert "that he comes" not in left.casefold()


@pytest.mark.parametrize(
    "line",
    [
        f"Signalement du 30 novembre : « {WORDS} »",
        f"Denúncia 7 de 2026-11-30: «{WORDS}»",
        f"\u200e2026-11-30\u200e کی اطلاع: ”\u200e{WORDS}\u200e“",
    ],
)
def test_what_a_line_quotes_is_known_by_the_marks_of_its_language(line: str) -> None:
    assert quoted_in(line) == WORDS
    assert without(f"> {line}\n> ok", [line]).replace("\u200e", "") == f"> {LEFT_OUT}\n> ok"
    assert without(f"They wrote: {WORDS}. Is it so?", [line]) == f"They wrote: {LEFT_OUT}. Is it so?"
    assert without(f"> {LINE}", [line]).count(LEFT_OUT) == 1, "in another language, too"
    assert WORDS in without(f"> {line}\n> “{WORDS}”", [line], (LINE,)), "nobody took this back"


def test_what_they_quote_in_turn_stays_inside() -> None:
    assert quoted_in("Report of 2026-11-30: “he wrote «come» to “me””") == "he wrote «come» to “me”"
    assert quoted_in("Signalement du 30 novembre : « il écrit “viens” »") == "il écrit “viens”"
    assert quoted_in("Under 18") == ""


def test_scripts_without_spaces_and_addresses_break_anywhere() -> None:
    thai = "Report of 2026-11-30: “เรือสีแดงออกจากท่าเวลาเก้าโมงเช้าและไปถึงเกาะเวลาสิบโมง”"
    assert without(f"> {thai[:50]}\n> {thai[50:]}\nok", [thai]) == f"> {LEFT_OUT}\nok"
    where = "Where, as entered: “http[://]www[.]somewhere[.]example/a/very/long/path/that/breaks/anywhere”"
    told = where.replace("[", "").replace("]", "")
    assert without(f"> {told[:60]}\n> {told[60:]}", [where]) == f"> {LEFT_OUT}"
    about = "See http://www.somewhere.example/a/very/long/path/that/breaks/anywhere now"
    assert without(about, [where]) == about, "what mail is about stays outside our own line"


def test_accents_and_signs_make_no_difference() -> None:
    for text in ("Café noir", "Cafe noir", "Cafe\u0301 noir"):
        assert list(pieces_of([text]).lines.pieces) == ["cafenoir"]
    assert list(pieces_of(["twenty ℃ outside"]).lines.pieces) == ["twentyoutside"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ⓗⓔ ⓗⓘⓣⓢ ⓜⓔ ⓔⓥⓔⓡⓨ ⓝⓘⓖⓗⓣ ⓐⓣ ⓗⓞⓜⓔ", "He hits me every night at home"),
        ("🄷🄴 🄷🄸🅃🅂 🄼🄴 🄴🅅🄴🅁🅈 🄽🄸🄶🄷🅃", "He hits me every night"),
        ("⒣⒠ ⒣⒤⒯⒮ ⒨⒠ ⒠⒱⒠⒭⒴ ⒩⒤⒢⒣⒯", "He hits me every night"),
    ],
)
def test_letters_in_circles_squares_and_brackets_are_letters(text: str, plain: str) -> None:
    line = f"Report of 2026-11-30: “{text}”"
    for mail in (f"> {line}", f"You say {text}", f"You say {plain}"):
        assert without(f"{mail}\nok", [line]).endswith(f"{LEFT_OUT}\nok")
        assert without(f"{mail}\nok", [f"Report of 2026-11-30: “{plain}”"]).endswith(f"{LEFT_OUT}\nok")


def test_words_go_also_without_their_heading_each_time_they_stand_there() -> None:
    again = f'"{LEFT_OUT}", you write. Again: {LEFT_OUT}. Once {LEFT_OUT}, twice {LEFT_OUT}.'
    assert without(again.replace(LEFT_OUT, WORDS), [LINE]) == again
    assert without(f"He wrote “{LINE}” today.", [LINE]) == f"He wrote “{LEFT_OUT}” today."


def test_a_sentence_goes_by_itself_if_it_says_enough() -> None:
    left = without("You say “The red boat left at nine in the morning.” Which one?", [LONG])
    assert left == f"You say “{LEFT_OUT}.” Which one?"
    assert without("It goes to the island of Saint Anne at ten", [LONG]) == LEFT_OUT
    assert "island" in without("Which island of Saint Anne?", [LONG]), "a part of a sentence stays"


def test_what_is_short_goes_only_in_our_own_line() -> None:
    text = "He was arrested at his house. Under 18 persons in the house: two."
    lines = [SHORT, "Report of 2026-11-30: “arrested”", "Where, as entered: “Under 18”"]
    assert without(text, lines) == text
    assert without("> Password of the\n> page or file: house\nWhich house?", lines) == f"> {LEFT_OUT}\nWhich house?"
    assert without("> Report of 2026-11-30: “arrested”", lines) == f"> {LEFT_OUT}"
    assert without("> Report of 2026-11-29: “arrested”", lines) == "> Report of 2026-11-29: “arrested”", "another day"
    assert without(text, ["", "“”", "Report: ", "> |", "x: “ab”"]) == text
    assert without("", [LINE]) == ""
    assert without("x: ab", ["x: “ab”"]) == "x: ab", "too short to be looked for"
    assert without("xx: abcdef", ["xx: “abcdef”"]) == LEFT_OUT, "eight letters"
    assert without("x: abcdef", ["x: “abcdef”"]) == "x: abcdef", "seven"


def test_a_line_that_another_one_begins_with_takes_nothing_of_it() -> None:
    lines = ["Report of 2026-11-30: “He”", SHORT, "Opened from: “there”", "Report of 2026-11-30: “a”"]
    for others in (
        "> Report of 2026-11-30: “Her stepfather locks the door.”",
        "> Report of 2026-11-30: “He is here.”",
        "> Report of 2026-11-30: “He\n> is here.”",
        "> Report of 2026-11-30: “a boat is here.”",
        "> Report of 2026-11-30: H“e\nok",
        "> Password of the page or file: house77\nok",
        "> Password of the page or file: house 77\nok",
    ):
        assert without(others, lines) == others
    for quote in ("“He”", '"He"', "«He»", "“He …”\nok", "He", "He\nok", "“He", "“H e!”, you say. Who?"):
        assert without(f"> Report of 2026-11-30: {quote}", lines).startswith(f"> {LEFT_OUT}"), quote
    assert without("> Password of the page or file: house\nA “big” one", lines) == f"> {LEFT_OUT}\nA “big” one"
    two = ["Report of 2026-11-30: “He is here”", "Report of 2026-11-30: “He is here now”"]
    for line in two:
        assert without(f"> {line}\nok", two) == f"> {LEFT_OUT}\nok"
        assert without(f"> {line[:-1]} or not”", two) == f"> {line[:-1]} or not”"


def test_a_line_goes_where_a_mail_program_joined_it_with_the_next_one_of_ours() -> None:
    lines = ["Password of the page or file: house", "Opened from: http://secret.example/x"]
    joined = "> - Password of the page or file: house - Opened from: http://secret.example/x The file has the same."
    assert without(joined, lines) == f"> - {LEFT_OUT} The file has the same."
    assert (
        without(joined.replace("x The", "x/ The").replace(" - O", " * O"), lines)
        == f"> - {LEFT_OUT}/ The file has the same."
    )
    for others in (
        "> - Password of the page or file: house - the blue one",
        "> - Password of the page or file: house - Opened at home",
        "> - Password of the page or file: house Opened from: there",
        "> - Opened from: http://secret.example/x-y The file has the same.",
        "> - Opened from: http://secret.example/x/y The file has the same.",
        "> - Opened from: “http://secret.example/x and more”",
    ):
        assert without(others, lines) == others


def test_what_has_no_letters_is_no_line() -> None:
    for line in ("Report of 2026-11-30: “🙏🙏”", "Report of 2026-11-30: “”"):
        assert without(f"> {LINE}\n> {line}", [line]) == f"> {LINE}\n> {line}"
        assert without(f"> {LINE}\n> {line}", [line, LINE]) == f"> {LEFT_OUT}\n> {line}"


def test_a_chat_is_found_though_its_names_look_like_marks_of_quoting() -> None:
    chat = "Report of 2026-11-30: “Tom> you come over to the red boat today Ana> no I will not go to it again”"
    for width in (20, 34, 41, 60, 500):
        for before in ("> ", "| ", ""):
            quoted = "\n".join(f"{before}{part}" for part in wrap(chat, width))
            assert without(f"Hello.\n{quoted}\nok", [chat]) == f"Hello.\n{before}{LEFT_OUT}\nok"
            assert "red boat" in without(f"Hello.\n{quoted}\nok", [chat], (chat,))


def test_addresses_like_ours_are_found_as_mail_is_kept() -> None:
    line = (
        "Report of 2026-11-30: “He posts at http[://]forum.example/page/12-holiday every night and then he comes here”"
    )
    assert without(f"> {without_our_links(line)}\nok", [line]) == f"> {LEFT_OUT}\nok"
    assert without(f"> {line}\nok", [line]) == f"> {LEFT_OUT}\nok", "as in a subject"


@pytest.mark.parametrize(
    "address",
    [
        "http://pictures.example/a/very/long/way/to/a/gallery?page=1",
        "www.pictures-of-the-sea.example",
        "somewhere.example/a/very/long/way/to/a/gallery",
        "HTTPS://PICTURES.EXAMPLE/A-VERY-LONG-WAY-TO-A-GALLERY",
    ],
)
def test_nobody_takes_an_address_out_of_mail_by_reporting_it_in_words(address: str) -> None:
    broken = address.replace("://", "[://]").replace("www.", "www[.]")
    for told in (address, broken):
        lines = [f"Report of 2026-11-30: “{text}”" for text in (told, f"We ask about {told} today", f"He is at {told}")]
        about = f"We ask about {told} today: is it gone? He is at {told}."
        assert without(about, lines) == about
        for line in lines:
            assert without(f"> {line}\nok", lines) == f"> {LEFT_OUT}\nok"
    whole = f"The red boat left at nine from {address} to the island. It was {address}"
    line = f"Report of 2026-11-30: “{whole}”"
    assert without(f"You say: {whole}!", [line]) == f"You say: {LEFT_OUT}!"
    assert without(f"The red boat left at nine from {address}, you say", [line]) == f"{LEFT_OUT} {address}, you say"


def test_what_stands_side_by_side_gets_one_mark() -> None:
    turned = "It goes to the island of Saint Anne at ten! The red boat left at nine in the morning"
    assert without(f"You say: {turned}.", [LONG]) == f"You say: {LEFT_OUT}."
    assert without(f"You say: {turned.replace('!', ', you say;')}.", [LONG]) == (
        f"You say: {LEFT_OUT}, you say; {LEFT_OUT}."
    )


def test_the_beginning_of_a_line_that_somebody_else_wrote_stays() -> None:
    line, others = "Report of 2026-11-30: “Her boat left at nine in the evening.”", "Report of 2026-11-30: “Her boat”"
    assert without(f"> {line}", [line], (others,)) == f"> Report of 2026-11-30: “Her boat {LEFT_OUT}.”"
    assert without(f"> {line}", [line], (others, "left at nine in the evening")) == f"> {line}"
    both = (others, "left at nine in the evening")
    assert without(f"> {line}\n> {LINE}", [line, LINE], both) == f"> {line}\n> {LEFT_OUT}"
    assert without(f"> {line}", [line], ("left at nine",)) == f"> {LEFT_OUT} left at nine {LEFT_OUT}.”"


def test_what_says_enough() -> None:
    assert is_distinctive("He has red boats now")
    assert is_distinctive("abcd efgh ijkl mnop"), "four words of 16 letters"
    assert not is_distinctive("abcd efgh ijkl mno")
    assert not is_distinctive("abcdef ghijkl mnop"), "three"
    assert is_distinctive("a" * 24)
    assert not is_distinctive("a" * 23)
    assert is_distinctive("เ" * 8)
    assert not is_distinctive("เ" * 7)
    assert is_distinctive("船" * 8)


def test_what_others_say_stays_also_where_both_say_it() -> None:
    other = "Report of 2026-12-01: “The red boat left at nine in the morning. I saw it from the old harbour wall.”"
    left = without(f"> {LONG}\n> {other}", [LONG], (other,))
    assert left.endswith(other)
    assert "rained" not in left
    assert "island" not in left
    assert without(f"> {LINE}", [LINE], (LINE,)) == f"> {LINE}"
    address = "http://www.somewhere.example/gallery/of/pictures"
    said = f"Where, as entered: “it is at {address} they say”"
    assert address in without(f"> {said}", [said], (address,))


def test_a_line_that_the_end_of_a_mail_cuts_goes() -> None:
    assert without(f"We have got it.\n> {LINE[:49]}", [LINE]) == f"We have got it.\n> {LEFT_OUT}"
    assert without(f"We have got it: {WORDS[:36]}", [LINE]) == f"We have got it: {LEFT_OUT}"
    assert without(f"We have got it: {WORDS[:20]}", [LINE]).endswith(WORDS[:20]), "too little to be it"
    assert without(f"> {LINE[:49]}\nWell.", [LINE]).endswith("\nWell."), "not the end"
    assert "comes" in without(f"> {LINE[:49]}\nWell.", [LINE])


def test_of_a_quote_that_is_cut_24_letters_are_enough() -> None:
    line = ["xxxxxxxx: “abcdefghijklmnopqrstuvwxyz0123456789”"]
    assert without("It says: abcdefghijklmnopqrstuvwx", line) == f"It says: {LEFT_OUT}"
    assert without("It says: abcdefghijklmnopqrstuvw", line) == "It says: abcdefghijklmnopqrstuvw"


def test_the_longest_beginning_of_a_line_is_found_at_the_end() -> None:
    drawn = Random(7)
    for _case in range(400):
        word = "".join(drawn.choice("ab") for _letter in range(drawn.randint(1, 9)))
        piece = (word * 40)[: drawn.randint(30, 40)] + drawn.choice(["a", "b", "ba", "abb"])
        cut = drawn.randint(0, len(piece) - 1)
        text = "".join(drawn.choice("ab") for _letter in range(drawn.randint(0, 9))) + piece[:cut]
        longest = max(length for length in range(len(piece)) if text.endswith(piece[:length]))
        stays = text[: len(text) - longest] if longest >= 24 else text
        if piece not in text:
            assert without(text, [f"c: “{piece}”"]) == stays + LEFT_OUT * (longest >= 24)


def test_what_overlaps_goes_too() -> None:
    assert without("abcd efgh " * 5, ["x: “" + "abcd efgh " * 3 + "”"]) == f"{LEFT_OUT} "
    assert without("abcd efgh " * 5 + "yes", ["x: “" + "abcd efgh " * 3 + "”"]) == f"{LEFT_OUT} yes"
    two = ["xxxxxxxx: “one two three four five six”", "yyyyyyyy: “four five six seven eight nine”"]
    assert without("one two three four five six seven eight nine ten", two) == f"{LEFT_OUT} ten"


def test_a_long_text_goes_in_pieces_of_500_letters() -> None:
    drawn = Random(3)
    words = " ".join("".join(drawn.choice("abcdefgh") for _letter in range(6)) for _word in range(200))
    assert without(f"You say {words}. Who?", [f"x: “{words}”"]) == f"You say {LEFT_OUT}. Who?"
    changed = f"{words[:900]}, as he says, {words[900:]}"
    left = without(changed, [f"x: “{words}”"])
    assert "as he says" in left
    assert words[:500] not in left
    assert words[-500:] not in left
    exact = words.replace(" ", "")[:1000]
    assert without(exact, [f"x: “{exact}”"]) == without(exact[:500], [f"x: “{exact}”"]) == LEFT_OUT
    assert without(exact[500:], [f"x: “{exact}”"]) == LEFT_OUT
    assert without(f"{exact[1:500]}.", [f"x: “{exact}”"]) == f"{exact[1:500]}."
    odd = words.replace(" ", "")[:1150]
    assert without(odd[650:], [f"x: “{odd}”"]) == LEFT_OUT, "the last one is as long"
    line = f"Report of 2026-11-30: “{odd}”"
    assert without(f"> {line}\nok", [line]) == f"> {LEFT_OUT}\nok"
    for letters, heading in ((484, "Report of 2026-11-30: “"), (485, "")):  # with the heading 500 and 501
        line = f"Report of 2026-11-30: “{odd[:letters]}”"
        assert without(f"> {line[:-1]}, I say", [line]) == f"> {heading}{LEFT_OUT}, I say"


def test_the_longest_piece_that_begins_somewhere_is_found_among_all_that_begin_alike() -> None:
    """Compared with looking for each piece by itself."""
    drawn = Random(11)
    for _case in range(200):
        texts = {"".join(drawn.choice("ab") for _letter in range(drawn.randint(24, 30))) for _text in range(40)}
        texts |= {text[: drawn.randint(24, len(text))] for text in texts}
        mail = "".join(drawn.choice([*texts, "ab", "a", "-"]) for _part in range(12)) + "-"
        letters = mail.replace("-", "")
        goes = [False] * len(letters)
        for text in texts:
            for at in range(len(letters)):
                if letters.startswith(text, at) or (text.startswith(letters[at:]) and len(letters) - at >= 24):
                    goes[at : at + len(text)] = [True] * len(letters[at : at + len(text)])
        left = without(mail, [f"x: “{text}”" for text in texts])
        stays = "".join(letter for letter, is_gone in zip(letters, goes, strict=True) if not is_gone)
        assert left.replace(LEFT_OUT, "").replace("-", "") == stays


def test_it_takes_no_longer_where_a_thousand_times_as_much_is_looked_for() -> None:
    drawn = Random(5)
    sentences = ["aaaaaaaa" + "".join(drawn.choice("bcdefghij") for _letter in range(16)) for _one in range(30_000)]
    few, many = (pieces_of([f"x: “{'. '.join(some)}”"]) for some in (sentences[:30], sentences))
    spent = []
    for pieces in (few, many):
        began = process_time()
        for text in ("a" * 20_000, ". ".join(sentences[:700])):
            without_pieces(text, pieces)
        spent.append(process_time() - began)
    assert spent[1] < 0.1 + 4 * spent[0]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("word " * 4000, ["x: “" + "word " * 800 + "”"] * 50),
        ("a" * 20_000, [f"x: “{'a' * number}”" for number in range(4000, 4050)]),
        ("ab" * 10_000, ["x: “" + "ab" * 5000 + "c”"]),
        ("a" * 20_000, ["x: “" + "a" * 19_999 + "b”"]),
        ("aaaaaaaaab" * 2000, ["x: “" + ". ".join("aaaaaaaaab" * number for number in range(3, 60)) + "”"]),
        ("".join(chr(0x300 + number % 100) for number in range(20_000)), [LINE]),
        ("> " * 10_000, [LINE]),
        ("PB>" * 6666, [LINE]),
    ],
)
def test_hostile_mail_is_read_in_a_moment(text: str, lines: list[str]) -> None:
    pieces, began = pieces_of(lines), process_time()
    without_pieces(text, pieces, pieces_of([LONG]))
    assert process_time() - began < 2
