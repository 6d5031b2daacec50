"""A letter about what a provider preserves goes once by itself; of one that may have gone, people are told, and one of them decides."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, export_hotline, put_back_hotline, take_up
from leeward.audit import keys
from leeward.backup.hotline.file import trusted
from leeward.backup.models import Restoration
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import StaffNote
from leeward.notices.services import Letter, Posted
from leeward.providers import services
from leeward.providers.models import Provider, ProviderLine
from leeward.providers.services import reminding
from leeward.sealing.age import key_of, new_key
from tests.people.signing import events, signed_in
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, line, make_key, mark_of, press
from tests.providers.test_pages import own_page

pytestmark = pytest.mark.django_db
RAW, PUBLIC = new_key()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as made:
        reached = {"smtp_host": "127.0.0.1", "smtp_port": made.port, "smtp_security": "none"}
        settings.LEEWARD = settings.LEEWARD.model_copy(update=reached | {"mail_from": "desk@leeward.example"})
        yield made


@pytest.fixture
def kept(here: Cast) -> ProviderLine:
    """A line whose evidence is to be kept; its provider is written to at `remind_at`."""
    row, _path = own_page(here, kind="host", countries=["CA"])
    Program(here, row, make_key(row), "").post(as_lines(line(1)))
    return ProviderLine.objects.get()


def due(line: ProviderLine) -> datetime:
    line.refresh_from_db()
    assert line.remind_at is not None
    return line.remind_at


def letters(server: MailServer) -> int:
    """How many letters came for the provider."""
    return sum(one.message["To"] == "safety@harbour.example" for one in server.messages())


def people_know() -> bool:
    return StaffNote.objects.filter(what="provider_letter").exists()


def test_one_that_the_server_may_have_taken_goes_no_second_time(
    here: Cast, kept: ProviderLine, server: MailServer
) -> None:
    soon = due(kept)
    server.drop_after_message(kept=True, times=3)
    assert [services.remind(soon + timedelta(days=day)) for day in range(4)] == [0, 0, 0, 0]
    assert letters(server) == 1
    assert people_know()
    assert events(here.hotline_id).count("provider.letter_left_unsure") == 1
    assert not Job.objects.filter(kind=services.IN_DOUBT).exists()


def test_by_a_clock_that_jumped_ahead_nobody_reads_that_evidence_can_be_destroyed(
    here: Cast, kept: ProviderLine, server: MailServer
) -> None:
    now, soon = datetime.now(UTC), due(kept)
    ahead = soon + timedelta(days=30)
    note(Jump(now, ahead), "here:0")
    assert services.remind(ahead) == 0
    assert letters(server) == 0
    assert due(kept) == soon, "its letter comes when it is due"
    ProviderLine.objects.update(held_until=ahead + timedelta(days=9), remind_at=ahead)
    assert services.remind(ahead) == 1, "an order of the police waits for no clock"
    assert "Reports whose time is over" not in server.messages()[-1].message.get_content()
    note(Jump(ahead, now), "here:0")
    ProviderLine.objects.update(held_until=None, remind_at=soon)
    assert services.remind(soon) == 1


def test_one_that_was_refused_goes_the_next_day(kept: ProviderLine, server: MailServer) -> None:
    soon = due(kept)
    server.drop_after_message(kept=False, times=1)
    services.remind(soon)
    first = due(kept)
    assert first > soon, "nobody knows whether the server kept it"
    with pytest.MonkeyPatch.context() as patch:

        def refused(_letter: Letter, *, may_go: Callable[[], bool]) -> Posted:
            assert may_go()
            return Posted("later", "message", 451)

        patch.setattr(reminding, "post", refused)
        assert services.remind(first) == 0
    assert due(kept) == first
    assert services.remind(first + timedelta(days=1)) == 1
    assert letters(server) == 1


class Killed(BaseException):
    """The process dies here."""


def test_of_one_whose_process_died_people_hear_and_it_goes_no_second_time(
    here: Cast, kept: ProviderLine, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = due(kept)
    with monkeypatch.context() as patch:
        patch.setattr(reminding, "_settle", lambda *_args: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            services.remind(soon)
    assert services.remind(soon + timedelta(days=1)) == 0
    assert not people_know()
    run_until_idle(datetime.now(UTC) + timedelta(hours=2))
    assert people_know()
    assert letters(server) == 1
    assert "provider.letter_left_unsure" in events(here.hotline_id)


def test_two_processes_write_one_letter(kept: ProviderLine, monkeypatch: pytest.MonkeyPatch) -> None:
    soon, went = due(kept), []

    def post(_letter: Letter, *, may_go: Callable[[], bool]) -> Posted | None:
        with monkeypatch.context() as patch:
            patch.setattr(reminding, "post", lambda _letter, *, may_go: went.append(may_go()) or Posted("sent"))
            services.remind(soon)
        went.append(may_go())
        return Posted("sent") if went[-1] else None

    monkeypatch.setattr(reminding, "post", post)
    services.remind(soon)
    assert went == [True, False]


def test_a_person_writes_again(here: Cast, kept: ProviderLine, server: MailServer) -> None:
    ProviderLine.objects.update(keep_until=datetime.now(UTC) + timedelta(days=2), remind_at=None)
    provider = Provider.objects.get()
    for number, who, error in ((provider.pk, "ana", NotAllowed), (provider.pk + 7, "carl", NotFound)):
        with pytest.raises(error):
            services.write_again(number, seen=mark_of(provider.pk), actor=here[who].actor)
    path = f"/desk/providers/{provider.pk}"
    client = signed_in(here, "carl")
    assert 'value="letter"' in client.get(path).content.decode()
    press(client, path, act="letter")
    run_until_idle(datetime.now(UTC) + timedelta(minutes=1))
    assert letters(server) == 1
    ProviderLine.objects.update(destroyed_at=datetime.now(UTC))
    press(client, path, act="letter")
    run_until_idle(datetime.now(UTC) + timedelta(minutes=1))
    assert letters(server) == 1, "there is nothing to write about"


def test_what_was_due_in_a_backup_is_left_to_a_person(here: Cast, kept: ProviderLine, server: MailServer) -> None:
    now = datetime.now(UTC)
    soon, later = now - timedelta(hours=2), now + timedelta(hours=2)
    ProviderLine.objects.update(remind_at=soon, keep_until=soon + timedelta(days=7))
    Restoration.objects.create(backup_at=now - timedelta(days=1), restored_at=now)
    assert take_up(now)
    run_until_idle(now)
    confirm_restored(actor=here["adam"].actor, now=now)
    assert services.remind(now + timedelta(days=1)) == 0
    assert people_know()
    ProviderLine.objects.update(remind_at=later)
    assert services.remind(later) == 1, "nobody wrote about what was due after that"


def test_what_comes_back_with_its_hotline_is_left_to_a_person(
    here: Cast, kept: ProviderLine, server: MailServer, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    ProviderLine.objects.update(remind_at=now, keep_until=now + timedelta(days=7))
    file = tmp_path / "jm.hotline"
    actor = Actor("command", hotline_id=here.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=now)
    ProviderLine.objects.all().delete()
    reader = trusted(io.BytesIO(file.read_bytes()), key_of(RAW), keys.public_key())
    put_back_hotline(reader, is_trial=False, actor=SYSTEM, now=now)
    assert services.remind(now + timedelta(hours=1)) == 0
    assert people_know()
