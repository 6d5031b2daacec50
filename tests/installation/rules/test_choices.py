"""What a value of the installation may be, at its limits, and how a mailbox is written."""

import pytest

from leeward.installation.rules.choices import (
    CHOICES,
    FIRST,
    GROUPS,
    PASSWORDS,
    Choice,
    _number,
    choices_of,
    fault_of,
    is_address,
    is_public,
    locks_of,
    mailbox_setting,
    tidy,
)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("smtp_port", "25", "kind"),
        ("smtp_port", 2525, ""),
        ("smtp_port", 993, "port"),
        ("mailbox_port", 993, ""),
        ("mailbox_port", 25, "port"),
        ("smtp_security", "ssl", "option"),
        ("smtp_security", "tls", ""),
        ("smtp_host", "", ""),
        ("mail_from", "", "missing"),
        ("smtp_user", "a" * 200, ""),
        ("smtp_user", "a" * 201, "letters"),
        ("smtp_user", "a\nb", "letters"),
        ("smtp_host", ".".join(["a" * 63] * 3), ""),
        ("smtp_host", "a" * 64, "host"),
        ("smtp_host", "-a", "host"),
        ("mail_from", "desk@jm.example", ""),
        ("mail_from", "dësk@jm.example", "mail"),
        ("mail_from", "desk@", "mail"),
        ("dns_resolvers", ["192.0.2.1"] * 5, ""),
        ("dns_resolvers", ["192.0.2.1"] * 6, "too_many"),
        ("dns_resolvers", ["192.0.2.1", "ns.example"], "servers"),
        ("dns_resolvers", [1], "servers"),
        ("police_wait_hours", 1, ""),
        ("police_wait_hours", 720, ""),
        ("police_wait_hours", 0, "range"),
        ("police_wait_hours", 721, "range"),
        ("notify_foreign_hosts", False, ""),
        ("notify_foreign_hosts", 1, "kind"),
        ("fetch_proxy", "socks5://127.0.0.1:1080", ""),
        ("fetch_proxy", "socks5h://tor.example:9150", ""),
        ("fetch_proxy", "socks5://[::1]:9050", ""),
        ("fetch_proxy", "http://127.0.0.1:1080", "proxy"),
        ("fetch_proxy", "socks5://127.0.0.1", "proxy"),
        ("fetch_proxy", "socks5://:1080", "proxy"),
        ("fetch_proxy", "socks5://127.0.0.1:1080/", "proxy"),
        ("fetch_proxy", "socks5://a:b@127.0.0.1:1080", "proxy"),
        ("fetch_proxy", "socks5://127.0.0.1:port", "proxy"),
        ("fetch_proxy", "socks5://127.0.0.1:25", "proxy_port"),
    ],
)
def test_what_a_value_may_be_at_its_limits(name: str, value: object, fault: str) -> None:
    assert fault_of(CHOICES[name], value) == fault


def test_a_value_loses_spaces_and_doubles_and_a_password_nothing() -> None:
    assert tidy(CHOICES["smtp_host"], " mail.jm.example ") == "mail.jm.example"
    assert tidy(CHOICES["smtp_password"], " a word ") == " a word "
    assert tidy(CHOICES["dns_resolvers"], [" 192.0.2.1", "", "192.0.2.1 ", "192.0.2.2"]) == ["192.0.2.1", "192.0.2.2"]
    assert tidy(CHOICES["smtp_port"], 25) == 25


def test_each_choice_is_on_one_page_in_its_order() -> None:
    assert [choice.name for group in GROUPS for choice in choices_of(group)] == list(CHOICES)
    assert _number("claim_minutes", "times", 5, 480) == Choice("claim_minutes", "times", int, "", 5, 480)
    assert CHOICES["claim_minutes"] == _number("claim_minutes", "times", 5, 480)


def test_one_word_of_the_environment_takes_its_choice_off_the_desk_and_one_on_mail_the_whole_server() -> None:
    assert locks_of(CHOICES["claim_minutes"]) == {"claim_minutes"}
    assert locks_of(CHOICES["mailbox_port"]) == {"mailbox"}
    server = {"smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"}
    assert all(locks_of(CHOICES[name]) == server for name in server)
    for password, belongs_to in PASSWORDS.items():
        assert CHOICES[password].is_secret
        assert set(belongs_to) < set(CHOICES)


@pytest.mark.parametrize(
    ("address", "known", "public"),
    [
        ("93.184.215.14", True, True),
        ("2606:4700::1111", True, True),
        ("192.168.7.9", True, False),
        ("fd00::1", True, False),
        ("printer.example", False, False),
    ],
)
def test_only_an_address_that_everybody_means_the_same_by_is_public(address: str, known: bool, public: bool) -> None:
    assert (is_address(address), is_public(address)) == (known, public)


def test_a_mailbox_is_written_so_that_no_sign_in_it_means_anything() -> None:
    assert mailbox_setting(FIRST) == ""
    typed = {"mailbox_host": "mail.jm.example", "mailbox_user": "desk@jm.example", "mailbox_password": "a/b:c@d"}
    assert mailbox_setting({**FIRST, **typed}) == "imaps://desk%40jm.example:a%2Fb%3Ac%40d@mail.jm.example:993/INBOX"
    typed |= {"mailbox_host": "2001:db8::7", "mailbox_folder": "In/Box"}
    assert mailbox_setting({**FIRST, **typed}).endswith("@[2001:db8::7]:993/In%2FBox")
    assert mailbox_setting({**FIRST, **typed, "mailbox_folder": ""}).endswith(":993/INBOX")
