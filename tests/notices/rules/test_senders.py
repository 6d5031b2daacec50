"""Whether a mail's sender is whom the letter went to: the same address, or one at that domain."""

import pytest

from leeward.notices.rules.senders import SHARED, is_of

TO = {"abuse@harbour-host.example", "police@yard.constabulary.example"}


@pytest.mark.parametrize(
    "sender",
    [
        "abuse@harbour-host.example",
        "Harbour <ABUSE@Harbour-Host.example>",
        "support@harbour-host.example",
        "tickets@desk.harbour-host.example",
        "di@constabulary.example",
        "a@harbour-host.example.",
        '"front@desk"@harbour-host.example',
    ],
)
def test_who_was_written_to(sender: str) -> None:
    assert is_of(sender, TO)


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "abuse",
        "abuse@",
        "@",
        "harbour-host.example",
        "a@example",
        "a@evil-harbour-host.example",
        "a@harbour-host.example.evil.example",
        "a@other.example",
        '"abuse@harbour-host.example" <a@other.example>',
    ],
)
def test_who_was_not(sender: str) -> None:
    assert not is_of(sender, TO)
    assert not is_of(sender, ())


def test_nobody_is_near_a_whole_top_level_domain() -> None:
    assert not is_of("a@example", {"b@example"})
    assert not is_of("a@b.example", {"b@example"})
    assert not is_of("a@b.example", {"", "b.example"})


@pytest.mark.parametrize("domain", sorted(SHARED))
def test_where_anybody_gets_an_address_only_the_address_itself_counts(domain: str) -> None:
    assert domain == domain.lower()
    assert is_of(f"Force <Constabulary@{domain.upper()}>", {f"constabulary@{domain}"})
    assert not is_of(f"Force <constabulary.jm@{domain}>", {f"constabulary@{domain}"})


def test_nor_does_one_below_such_a_provider() -> None:
    assert not is_of("a@x.gmail.com", {"a@gmail.com"})
    assert not is_of("b@gmail.com", {"a@x.gmail.com"})
    assert is_of("a@notgmail.com", {"b@notgmail.com"})
