"""The text of a mail in parts: all that people are shown, in order; what isn't kept is counted."""

import time

import pytest

from leeward.notices.rules.incoming import _MOST_COMPARED, MOST_PARTS, MOST_TEXT, guessed_bounce, read_mail
from leeward.notices.rules.plain_text import MOST_HTML
from tests.notices.rules.test_incoming import REPORT, WHOLE

HEAD = "From: DI Smith <police@constabulary.example>\r\nMessage-ID: <z1@c.example>\r\nSubject: Re: x\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"
PICTURE = "Content-Type: image/png\r\nContent-Disposition: inline; filename=a.png\r\n\r\nx"
MAIL = "Content-Type: message/rfc822\r\n"
OTHERS = "From: a@b.example\r\nSubject: Last week\r\n"
HOLD = "Do not tell the host before Friday."


def within(*parts: str, kind: str = "mixed", boundary: str = "b") -> str:
    """A part, or the end of a mail, that has parts."""
    inside = "".join(f"--{boundary}\r\n{one}\r\n" for one in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{inside}--{boundary}--\r\n"


@pytest.mark.parametrize(
    ("parts", "text", "dropped"),
    [
        (within(PLAIN + "Scanned for viruses.", PLAIN + HOLD), f"Scanned for viruses.\n\n{HOLD}", 0),
        (within(PLAIN + "See:", PICTURE, PLAIN + HOLD), f"See:\n\n{HOLD}", 1),
        (within(HTML + "<p>Scanned.</p>", HTML + f"<p>{HOLD}</p>"), f"Scanned.\n\n{HOLD}", 0),
        (within(PLAIN + "\r\n", HTML + HOLD, PLAIN + " "), HOLD, 0),
        (within(PLAIN + HOLD, PLAIN + HOLD), f"{HOLD}\n\n{HOLD}", 0),
        (
            within(PLAIN + "FYI", f"{MAIL}\r\n{OTHERS}{PLAIN}{HOLD}", PLAIN + "End"),
            f"FYI\n\na@b.example\nLast week\n\n{HOLD}\n\nEnd",
            0,
        ),
        (
            within(PLAIN + "FYI", f"{MAIL}Content-Disposition: attachment\r\n\r\n{within(PICTURE, HTML + HOLD, boundary='c')}"),
            f"FYI\n\n{HOLD}",
            1,
        ),
        (within(PLAIN + "FYI", f"{MAIL}\r\n{OTHERS}{within(PICTURE, PLAIN + HOLD, boundary='c')}"), f"FYI\n\na@b.example\nLast week\n\n{HOLD}", 1),
        (within(f"{MAIL}\r\n{OTHERS}{within(PLAIN + 'One', PLAIN + HOLD, boundary='c')}"), f"a@b.example\nLast week\n\nOne\n\n{HOLD}", 0),
        (within(PLAIN + "a <b> &amp;", PLAIN + "c"), "a <b> &amp;\n\nc", 0),
        (within(PLAIN + "FYI", f"{MAIL}Content-Transfer-Encoding: Base64\r\n\r\nRG8gbm90"), "FYI", 1),
        (within(PLAIN + "FYI", "Content-Type: text/rfc822-headers\r\n\r\nSubject: x"), "FYI", 1),
    ],
    ids=["banner", "picture", "two html", "empty", "twice", "passed on", "attached", "passed on in parts", "passed on in texts", "no markup",
        "encoded", "heads"],
)  # fmt: skip
def test_every_text_is_kept_in_order(parts: str, text: str, dropped: int) -> None:
    mail = read_mail((HEAD + parts).encode())
    assert (mail.text, mail.dropped, mail.was_cut) == (text, dropped, False)


@pytest.mark.parametrize(
    ("choices", "text", "dropped"),
    [
        ((PLAIN + f"_{HOLD}_\r\nhttp://a.example", HTML + f"<b>{HOLD.upper()}</b>"), f"_{HOLD}_\nhttp://a.example", 0),
        ((PLAIN + "Your program shows no HTML.", HTML + HOLD), f"Your program shows no HTML.\n\n{HOLD}", 0),
        ((PLAIN, HTML + HOLD), HOLD, 0),
        ((HTML + HOLD, PLAIN + HOLD), HOLD, 0),
        ((PLAIN + HOLD, HTML + "Do not tell the host."), HOLD, 0),
        ((PLAIN + "Do not tell the host.", HTML + HOLD, HTML + "before Friday"), f"Do not tell the host.\n\n{HOLD}", 0),
        (
            (PLAIN + HOLD, within(HTML + "Do not tell", PICTURE, HTML + "the host before Friday", boundary="c")),
            HOLD,
            1,
        ),
        (
            (within(PLAIN + HOLD, PLAIN + "Do not.", boundary="c"), HTML + f"{HOLD} Do not."),
            f"{HOLD}\n\nDo not.",
            0,
        ),
        ((PLAIN + "Remove: no. Hold: yes.", HTML + "Remove: yes. Hold: no."), "Remove: no. Hold: yes.\n\nRemove: yes. Hold: no.", 0),
        ((PLAIN + "Hold it.", HTML + "Hold, hold it."), "Hold it.\n\nHold, hold it.", 0),
        ((PLAIN + "One two.", PLAIN + "two three", HTML + "One two three"), "One two.\n\ntwo three\n\nOne two three", 0),
        ((PLAIN + "हटा दिया", HTML + "हटा दो"), "हटा दिया\n\nहटा दो", 0),
        ((PLAIN + "ไม่ลบ ลืม", HTML + "ลบ ลีม"), "ไม่ลบ ลืม\n\nลบ ลีม", 0),
        ((PLAIN + "हटा दिया", HTML + "<b>हटा</b> दिया"), "हटा दिया", 0),
    ],
)  # fmt: skip
def test_of_choices_what_an_earlier_one_says_is_not_kept_again(
    choices: tuple[str, ...], text: str, dropped: int
) -> None:
    mail = read_mail((HEAD + within(*choices, kind="alternative")).encode())
    assert (mail.text, mail.dropped, mail.was_cut) == (text, dropped, False)


def test_choices_are_compared_with_those_of_the_same_choice_only() -> None:
    texts = (("a", HOLD), ("c", "x"))
    one, two = (within(PLAIN + text, HTML + HOLD, kind="alternative", boundary=word) for word, text in texts)
    assert read_mail((HEAD + within(one, two)).encode()).text == f"{HOLD}\n\nx\n\n{HOLD}"


def test_choices_within_a_choice_are_part_of_it() -> None:
    inner = within(PLAIN + HOLD, HTML + HOLD, kind="alternative", boundary="c")
    assert read_mail((HEAD + within(PLAIN + HOLD, inner, kind="alternative")).encode()).text == HOLD


def test_all_texts_together_are_as_long_as_one_may_be() -> None:
    for length, was_cut in ((MOST_TEXT - 4, False), (MOST_TEXT - 3, True)):
        mail = read_mail((HEAD + within(PLAIN + "xx", PLAIN + "x" * length)).encode())
        assert (len(mail.text), mail.was_cut) == (MOST_TEXT, was_cut)


@pytest.mark.parametrize(("count", "was_cut"), [(MOST_PARTS, False), (MOST_PARTS + 1, True)])
def test_a_mail_in_more_parts_than_are_read_was_cut(count: int, was_cut: bool) -> None:
    mail = read_mail((HEAD + within(*[PLAIN + "x"] * count)).encode())
    assert (mail.text.count("x"), mail.was_cut) == (MOST_PARTS, was_cut)


@pytest.mark.parametrize(("more", "was_cut"), [(0, False), (1, True)])
def test_html_that_is_longer_than_what_is_read_was_cut(more: int, was_cut: bool) -> None:
    markup = "<p>x</p>" + " " * (MOST_HTML - 8 + more)
    mail = read_mail((HEAD + HTML + markup).encode())
    assert (mail.text, mail.was_cut) == ("x", was_cut)
    assert read_mail((HEAD + within(HTML + markup, PLAIN + "y")).encode()).was_cut == was_cut
    assert not read_mail((HEAD + PLAIN + markup).encode()).was_cut


@pytest.mark.parametrize(("returned", "dropped"), [(WHOLE, 1), (WHOLE.replace("It was said.", ""), 0)])
def test_of_our_letter_that_came_back_in_a_report_no_text_is_kept(returned: str, dropped: int) -> None:
    mail = read_mail(REPORT.replace("RETURNED", returned).encode())
    assert (mail.text, mail.dropped) == ("It could not be delivered.", dropped)


def test_the_status_is_that_of_a_servers_own_words() -> None:
    """What it returns has reporters' words, who could write one."""
    returned = f"{MAIL}\r\n{PLAIN}5.1.1"
    for words, status in (("Busy.", "4.0.0"), ("Busy (4.2.1)", "4.2.1")):
        mail = read_mail(("Return-Path: <>\r\n" + within(returned, PLAIN + words)).encode())
        found = guessed_bounce(mail)
        assert found is not None
        assert found.status == status


def test_so_much_markup_is_read_of_a_whole_mail_and_what_comes_after_it_was_cut() -> None:
    pad = HTML + " " * (MOST_HTML // 2 - 5)
    for parts, text, was_cut in (
        ((pad, pad, HTML + "a"), "a", False),
        ((pad, pad, HTML + "a" * 11), "a" * 10, True),
        ((pad, pad, pad, HTML + "a"), "", True),
        ((pad, pad, pad, PLAIN + HOLD), HOLD, True),
    ):
        mail = read_mail((HEAD + within(*parts)).encode())
        assert (mail.text, mail.dropped, mail.was_cut) == (text, 0, was_cut)


@pytest.mark.parametrize(("more", "kept"), [(0, 1), (1, 2)])
def test_so_much_of_a_choice_is_compared_and_the_rest_is_kept_though_it_stands_there(more: int, kept: int) -> None:
    one = "x" * 1000
    parts = [PLAIN + one] * (_MOST_COMPARED // 1000 + more)
    mail = read_mail((HEAD + within(PLAIN + one, within(*parts, kind="alternative", boundary="c"))).encode())
    assert (mail.text, mail.was_cut) == ("\n\n".join([one] * (kept + 1)), False)


@pytest.mark.parametrize(
    "parts",
    [
        within(*[HTML + "<p>" * 65_000] * 9),
        within(*[PLAIN + "a " * 4_700] * 190, kind="alternative"),
        within(PLAIN + "a " * 49_500, *[PLAIN + "b"] * 195, kind="alternative"),
    ],
    ids=["markup", "words", "choices"],
)
def test_no_mail_takes_long(parts: str) -> None:
    begun = time.process_time()
    read_mail((HEAD + parts).encode())
    assert time.process_time() - begun < 2
