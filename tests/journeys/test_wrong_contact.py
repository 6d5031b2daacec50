"""Somebody with a notice's link says five times that somebody else is in charge: nobody else hears of the address."""

import sqlite3
import time
from contextlib import closing

import pytest

from leeward.demo.running import Installation
from leeward.demo.world import World, cast
from leeward.demo.world.smtp import Received
from tests.journeys.life import Life, People, insist, press

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PATIENCE_SECONDS = 60


class PeopleWithoutHost(People):
    """Everybody but the host, who answers here in the test itself."""

    def _say_removed(self, mail: Received, life: Life) -> None:
        return


def asked(installation: Installation, question: str) -> int:
    """A number out of the installation's database."""
    with closing(sqlite3.connect(installation.data / "leeward.sqlite3", timeout=60)) as line:
        return int(line.execute(question).fetchone()[0])


def test_five_wrong_contacts_are_one_task_and_no_mail_to_others(world: World, installation: Installation) -> None:
    people = PeopleWithoutHost(installation, world)
    life = people.report("/gallery")
    end = time.monotonic() + 2 * PATIENCE_SECONDS
    while not world.mail.messages(cast.HOST_ABUSE):
        assert time.monotonic() < end, "the host was not told"
        people.go_on(life)
    link = people._link(world.mail.messages(cast.HOST_ABUSE)[0], "notice")
    for number in range(5):
        page = insist(lambda: people.visitor().open(link))
        form = page.form(having="once")
        [answer] = page.texts("//fieldset//select/@name")
        press(form.fill({answer: "wrong_contact", answer.replace("answer", "detail"): f"third-{number}@party.example"}))
    world.mail.wait_for(lambda mail: "somebody else is in charge" in mail.text, PATIENCE_SECONDS)
    while asked(installation, "SELECT COUNT(*) FROM notices_message WHERE state IN ('waiting', 'sending', 'failed')"):
        assert time.monotonic() < end, "messages still wait"
        time.sleep(0.1)
    assert asked(installation, "SELECT COUNT(*) FROM notices_notice") == 1
    everybody = {
        to for mail in world.mail.messages() for to in mail.recipients if not to.endswith("leeward-demo.example")
    }
    staff = {
        to for mail in world.mail.messages() if "somebody else is in charge" in mail.text for to in mail.recipients
    }
    assert everybody - staff == {cast.POLICE, cast.HOST_ABUSE}
    rows = people.see("ana", "/desk/contacts/redirects").texts("//tr[@data-row]/th")
    assert rows == [life.reference]
