"""The helper protocol of Squid's external ACL: one answer a line, with the channel it was asked on."""

import pytest

from leeward.blocklist.rules.squid import answer


class Two:
    """Knows one page and one host."""

    def is_listed(self, url):
        return url == "http://shared.example/a%20page"

    def is_host_listed(self, host):
        return host in {"one.example", "[2001:db8::1]"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("0 GET http://shared.example/a%20page\n", "0 OK"),
        ("17 GET http://shared.example/other -\n", "17 ERR"),
        ("3 CONNECT one.example:443\n", "3 OK"),
        ("3 connect [2001:db8::1]:443\n", "3 OK"),
        ("3 CONNECT shared.example:443\n", "3 ERR"),
        ("GET http://shared.example/\n", "0 BH message=unreadable"),
        ("5\n", "5 BH message=unreadable"),
        ("5 GET\n", "5 BH message=unreadable"),
        ("5 GET \n", "5 BH message=unreadable"),
        ("\n", "0 BH message=unreadable"),
        ("² GET http://a.example/\n", "0 BH message=unreadable"),
    ],
)
def test_one_answer_a_line(line, wanted):
    assert answer(line, Two()) == wanted
