"""Killed by `kill -9` at any commit, a pull counts every row once and goes on exactly where it was, and no word goes back twice."""

from collections import Counter
from pathlib import Path

import pytest

from leeward.demo.world.feeds import NcmecFeed
from tests.hashbank.feeds import prints
from tests.mortal import Standby

ENTRIES = 11


@pytest.mark.slow
@pytest.mark.xdist_group("kills")
def test_pulls_and_words_that_are_killed_at_any_commit(tmp_path: Path) -> None:
    environment = {"LEEWARD_FETCH_ALLOWED_NETWORKS": '["127.0.0.0/8"]', "LEEWARD_FETCH_PROXY": ""}
    with NcmecFeed(page_size=2) as feed, Standby(tmp_path, environment) as office:
        for number in range(ENTRIES):
            feed.add(f"entry{number}", prints(str(number)))
        office.do("agree_on_a_source", url=feed.url, secrets=feed.secrets)
        assert _until_done(office, "pull_from_the_source") == ""
        deaths = office.deaths
        assert deaths >= 3
        told = office.do("tell_of_the_source").result
        assert told["counted"] == [ENTRIES, ENTRIES, 0, 0]
        assert told["import"] == [ENTRIES, ENTRIES, 0, True]
        assert told["there"] == [ENTRIES, ENTRIES]
        office.do("confirm_every_record")
        assert _until_done(office, "say_it_back") == ""
        assert office.deaths - deaths >= 3
        words = office.do("tell_of_the_source").result["words"]
        assert set(words) <= {"sent", "sending"}
        sent = Counter(word["entry"] for word in feed.replied)
        assert set(sent.values()) == {1}, "no word went twice"
        assert words["sent"] <= len(sent) <= ENTRIES


def _until_done(office: Standby, deed: str) -> str:
    """Begin the deed again after each death, each time to die one moment later, so that it gets a little further."""
    for die_at in range(2, 200):
        done = office.do(deed, die_at=die_at)
        if not done.died:
            return str(done.result)
    raise AssertionError("it never gets done")
