"""No mail program makes a link of an address in what is quoted."""

from urllib.parse import quote

import pytest

from leeward.foundation.crypto.tokens import make_token
from leeward.notices.rules.plain_text import unlinked, without_our_links


def test_every_address_in_a_text_is_broken() -> None:
    said = "see http://a.example/x and WWW.b.example, www.c.example; HTTPS://d.example"
    broken = "see http[://]a.example/x and WWW[.]b.example, www[.]c.example; HTTPS[://]d.example"
    assert unlinked(said) == broken
    assert unlinked("no address") == "no address"


def test_a_mail_shows_no_link_to_our_pages_for_the_police_and_hosts() -> None:
    quoted = "> https://report.example/referral/12-abc9def and /NOTICES/ 7-x, /page/3=\n-k"
    assert without_our_links(quoted) == "> https://report.example/referral/… and /NOTICES/…, /page/…"
    assert without_our_links("no link") == "no link"


TOKEN = make_token(b"s" * 32, "referral", 39)
PROOF = TOKEN.partition("-")[2]


@pytest.mark.parametrize(
    "written",
    [
        f"https://report.example/payment/{TOKEN}",
        f"https://safelinks.example/?url={quote(f'https://report.example/referral/{TOKEN}', safe='')}&data=05",
        f"https://urldefense.example/v2/url?u=https-3A__report.example_referral_{TOKEN.replace('-', '-2D')}&d=Dw",
        f"https://urldefense.example/v3/__https://report.example/referral/{TOKEN}__;!!N11",
        f"https%3A%2F%2Freport.example%2Freferral%2F39%2D{PROOF}",
        f"> https://report.example/referral/39-{PROOF[:9]}=\n> {PROOF[9:]} is the page.",
        f"REPORT.EXAMPLE/REFERRAL/{TOKEN.upper()}",
    ],
)
def test_what_opens_a_page_goes_however_a_program_wrote_its_address_anew(written: str) -> None:
    """The programs of Microsoft and Proofpoint that guard mail do so with every address in it."""
    shown = without_our_links(f"We looked at it. {written}\nThe case is 2026-0039-12, of 2 December.")
    assert PROOF[-8:].lower() not in shown.lower()
    assert PROOF[:8].lower() not in shown.lower()
    assert shown.startswith("We looked at it. ")
    assert shown.endswith("\nThe case is 2026-0039-12, of 2 December.")


def test_what_is_left_out_is_a_dot_dot_dot_alone() -> None:
    assert without_our_links(f"a {TOKEN} b") == "a … b"
    assert without_our_links(f"https://report.example/referral/{TOKEN}") == "https://report.example/referral/…"
