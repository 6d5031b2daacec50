"""What is wrong with lists is written to administrators and supervisors, over a real mail server, once for each alarm."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.blocklist.publishing import services
from leeward.blocklist.publishing.models import Publication
from leeward.demo.world.smtp import MailServer
from leeward.jobs.registry import load
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries as notices_queries
from leeward.notices.models import Message, StaffNote
from leeward.notices.services import tell_staff
from leeward.people.models import User
from tests.blocklist.publishing.conftest import House
from tests.blocklist.publishing.test_desk import of


@pytest.fixture(autouse=True)
def _everybody_listens() -> None:
    load()


def subjects(post: MailServer, person: Any) -> list[str]:
    run_until_idle()
    run_until_idle()
    return [str(mail.message["Subject"]) for mail in post.messages(person.email)]


def test_an_alarm_is_mailed_once_to_those_who_can_mend_it(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer() as post:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none"}
        monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update=mail))
        row, _ = house.subscribe()
        house.publish()
        adam, carl, ana = (User.objects.get(pk=house.cast[name].actor.id) for name in ("adam", "carl", "ana"))
        later = datetime.now(UTC) + timedelta(days=4)
        for hours in range(3):
            services.watch_subscribers(house.cast.hotline_id, now=later + timedelta(hours=hours))
            assert subjects(post, adam) == ["Leeward: A subscriber has never fetched its blocking list."]
        assert subjects(post, carl) == subjects(post, adam)
        assert subjects(post, ana) == []
        (text,) = [mail.text for mail in post.messages(adam.email)]
        assert f"{settings.LEEWARD.base_url}/desk/publishing/subscribers/{row.id}" in text
        assert row.name not in text

        house.choose(test_domain="")
        for _ in range(2):
            assert house.publish().stopped
            assert subjects(post, carl)[1:] == ["Leeward: A release check stopped the publication of a blocking list."]
        Publication.objects.update(at=datetime.now(UTC) - timedelta(hours=30))
        for _ in range(2):
            assert services.watch_lists(house.cast.hotline_id, now=datetime.now(UTC)) == 1
            assert subjects(post, carl)[2:] == ["Leeward: A blocking list was not published for more than a day."]
        assert not Message.objects.exclude(state="sent").exists()


def test_who_has_left_gets_nothing_and_the_outbox_names_what_waits(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = {"what": "stale", "key": "one", "path": "/desk/", "roles": ("administrator",)}
    assert tell_staff(house.cast.hotline_id, **tell) == 1
    assert tell_staff(house.cast.hotline_id, **tell) == 0
    (message,) = Message.objects.all()
    page = of(house, "carl").get("/desk/outbox?view=waiting").content.decode()
    assert "Notify our own staff" in page
    assert notices_queries.case_of_message(message.pk) == []
    with MailServer() as post:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none"}
        monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update=mail))
        User.objects.filter(pk=StaffNote.objects.get().person_id).update(is_active=False)
        run_until_idle(datetime.now(UTC) + timedelta(hours=1))
        assert not post.messages(message.to)
    assert Message.objects.get().state == "stopped"
