"""BIND's checker on our zone files."""

import pytest

from leeward.blocklist.dns.zone_check import complaint_about, is_checker_installed
from leeward.blocklist.rules.rpz import zone_text
from tests.blocklist.primary import ORIGIN, zone

installed = pytest.mark.skipif(
    not is_checker_installed(), reason="named-checkzone is not installed (Debian: apt-get install bind9-utils)"
)


@installed
def test_a_good_zone_has_no_complaint_and_a_bad_one_has_the_checkers(tmp_path):
    path = tmp_path / "zone"
    path.write_text("".join(zone_text(zone(7), ["a.example", "*.a.example", "under_score.example"])))
    assert complaint_about(path, ORIGIN) is None
    path.write_text(path.read_text() + "broken line CNAME\n")
    assert "zone:8" in complaint_about(path, ORIGIN)
    path.write_text("".join(zone_text(zone(7), ["x" * 64 + ".example"])))
    assert "label too long" in complaint_about(path, ORIGIN)


def test_without_a_checker_there_is_nothing_to_say(tmp_path, monkeypatch):
    monkeypatch.setattr("leeward.blocklist.dns.zone_check.PROGRAM", "no-such-checker")
    assert not is_checker_installed()
    assert complaint_about(tmp_path / "none", ORIGIN) is None
