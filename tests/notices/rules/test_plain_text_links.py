"""No mail program makes a link of an address in what is quoted."""

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
