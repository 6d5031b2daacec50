"""No mail program makes a link of an address in what is quoted."""

from leeward.notices.rules.plain_text import unlinked


def test_every_address_in_a_text_is_broken() -> None:
    said = "see http://a.example/x and WWW.b.example, www.c.example; HTTPS://d.example"
    broken = "see http[://]a.example/x and WWW[.]b.example, www[.]c.example; HTTPS[://]d.example"
    assert unlinked(said) == broken
    assert unlinked("no address") == "no address"
