"""The list of shared platforms that comes with the program."""

from datetime import date

import pytest

from leeward.blocklist.packaged import packaged_platforms
from leeward.blocklist.rules.scopes import Scope


def test_every_line_is_dated_and_says_where_it_comes_from():
    platforms = packaged_platforms()
    assert len(platforms.rows) > 150
    assert all(row.source and row.kind for row in platforms.rows)
    assert not platforms.is_stale(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("scope", "host", "is_refused"),
    [
        ("domain", "wordpress.com", True),
        ("host", "m.facebook.com", True),
        ("domain", "googleapis.com", True),
        ("domain", "tenant.wordpress.com", False),
        ("domain", "whole.example", False),
        ("url", "drive.google.com", False),
    ],
)
def test_a_platform_is_never_listed_as_a_whole(scope, host, is_refused):
    assert (packaged_platforms().refusal(Scope(scope), host) is not None) == is_refused
