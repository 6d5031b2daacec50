"""What Leeward depends on is looked at, and what fails is told: by mail, or where mail is what fails by the pager."""

import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.checks import Error
from django.utils.translation import override
from django_scopes import scope

from leeward.audit.models import AuditTip
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import publish
from leeward.backup.models import Restoration
from leeward.backup.rules.manifest import name_at
from leeward.blocklist.models import BlockList
from leeward.blocklist.publishing.models import Publication
from leeward.blocklist.publishing.rules.alarms import SILENT_AFTER
from leeward.demo.world.certificate import make_certificate
from leeward.demo.world.receiver import Receiver
from leeward.demo.world.smtp import MailServer
from leeward.exchange import line as exchange_line
from leeward.exchange.errors import PeerSilent
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting.lookups import rdap_client
from leeward.hosting.lookups.hearing import CLOCKS, COUNTS_SECONDS, MOST_ORIGINS, Clocks, Hearing, Statement
from leeward.jobs.clockwatch import read_clocks
from leeward.notices.channels import mailbox
from leeward.oncall.services import set_webhook
from leeward.site import outside
from leeward.site.alarming import LASTING, tell
from leeward.site.alarms import EVERYWHERE, Alarm
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from leeward.site.metrics import figures
from leeward.site.models import Outside, SentAlarm
from leeward.site.outside import LASTS, look
from leeward.witnessing import line as witnessing_line
from tests.backup.covers import put_cover
from tests.disks import another_disk
from tests.notices.imap import ImapServer
from tests.personas import Cast
from tests.signers import signing_here

NOW = datetime.now(UTC)
LOOK_AT_NAMES, LOOK_AT_LOGS = outside.LOOKERS["names"], outside.LOOKERS["log_name"]


def rings(now: datetime) -> set[str]:
    return {alarm.code.removesuffix("_failing") for alarm in current_alarms(now) if alarm.code.endswith("_failing")}


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """Change settings of the installation for one test."""

    def change(**values: object) -> None:
        settings.LEEWARD = settings.LEEWARD.model_copy(update=values)

    return change


@pytest.fixture(autouse=True)
def _nobody_is_heard(monkeypatch: pytest.MonkeyPatch, configure: Callable[..., None]) -> None:
    """A process that has asked no registry, of an installation without anything outside."""
    monkeypatch.setattr("leeward.hosting.queries.HEARING", Hearing())
    CLOCKS.statements.clear()
    CLOCKS.mails.clear()
    configure(smtp_host="", mailbox="", backup_to="")
    for name in ("names", "log_name"):  # the signer remembers the logs of other tests
        monkeypatch.setitem(outside.LOOKERS, name, lambda _now: None)


@pytest.mark.django_db
def test_a_mail_server_that_went_is_told_by_the_pager_and_over_when_it_is_back(
    cast: Cast, configure: Callable[..., None]
) -> None:
    with MailServer() as post, Receiver() as pager:
        configure(
            smtp_host="127.0.0.1",
            smtp_port=post.port,
            smtp_security="none",
            mail_from="desk@leeward.example",
            webhook_allow_http=True,
            fetch_allowed_networks=("127.0.0.0/8",),
        )
        with scope(hotline=cast.hotline_id):
            pager.secrets = {set_webhook(cast.portal_id, pager.webhook, actor=Actor("command"))}
        look(NOW)
        assert "mail" not in rings(NOW)
        post.stop()
        look(NOW)
        assert "mail" not in rings(NOW), "a server that is restarted is no alarm"
        then = NOW + LASTS
        look(then)
        assert "mail" in rings(then)
        alarms = tuple(alarm for alarm in current_alarms(then) if alarm.code == "mail_failing")
        assert f"{NOW:%Y-%m-%d %H:%M}" in alarms[0].text, "since when it was seen first"
        for moment in (then, then + LASTING, then + LASTING):
            tell(alarms, moment)
        [posted] = pager.posted()
        assert (posted.content["type"], posted.content["data"]["code"]) == ("alarm", "mail_failing")
        assert SentAlarm.objects.get().told_at is not None
        post.start()
        look(then)
        assert "mail" not in rings(then)


@pytest.mark.django_db
def test_the_pager_gets_two_that_began_together_each_under_a_name_of_its_own(
    cast: Cast, configure: Callable[..., None]
) -> None:
    with Receiver() as pager:
        configure(webhook_allow_http=True, fetch_allowed_networks=("127.0.0.0/8",))
        with scope(hotline=cast.hotline_id):
            pager.secrets = {set_webhook(cast.portal_id, pager.webhook, actor=Actor("command"))}
        alarms = tuple(Alarm("witness_old", EVERYWHERE, (("what", name),), name) for name in ("one", "two"))
        for moment in (NOW, NOW + LASTING, NOW + LASTING):
            tell(alarms, moment)
        assert [("one" in posted["title"], "two" in posted["title"]) for posted in pager.kept().values()] in (
            [(True, False), (False, True)],
            [(False, True), (True, False)],
        )


@pytest.mark.django_db
def test_a_mail_server_that_refuses_our_password_is_found(cast: Cast, configure: Callable[..., None]) -> None:
    with MailServer(user="desk", password="a") as post:
        configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", smtp_user="desk", smtp_password="b")
        look(NOW - LASTS)
        assert rings(NOW) == {"mail"}
        assert post.messages() == []
    assert cast.hotline_id


@pytest.mark.django_db
def test_a_mailbox_a_backup_and_name_servers_that_fail(
    configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outside.LOOKERS, "names", LOOK_AT_NAMES)
    monkeypatch.setattr("leeward.hosting.lookups.names.SECONDS", 0.5)  # nobody answers there however long one waits
    configure(mailbox="imaps://127.0.0.1:1/", backup_to=str(tmp_path), dns_resolvers=("127.0.0.1:1",))
    look(NOW - LASTS)
    assert rings(NOW) >= {"mailbox", "backup", "names"}
    configure(mailbox="", backup_to="")
    look(NOW)
    assert rings(NOW) == {"names"}


@pytest.mark.django_db
def test_a_list_that_was_not_published_for_a_day_and_more_is_found(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        made = {"hotline_id": cast.hotline_id, "kind": "national", "country": "JM", "made_at": NOW - timedelta(days=9)}
        found = BlockList.objects.create(name="national", title="National", **made)
        BlockList.objects.create(name="unused", title="Never published", **made)
        state = {"hotline_id": cast.hotline_id, "list": found, "state": "published", "why": "duty"}
        counts = {"entries": 5, "added": 0, "removed": 0}
        Publication.objects.create(serial=1, at=NOW - SILENT_AFTER - timedelta(minutes=1), **state, **counts)
    look(NOW)
    assert rings(NOW) == {"lists"}
    with scope(hotline=cast.hotline_id):
        Publication.objects.create(serial=2, at=NOW - SILENT_AFTER + timedelta(minutes=1), **state, **counts)
    look(NOW)
    assert rings(NOW) == set()


@pytest.mark.django_db
def test_a_signer_that_is_away_or_another_is_told_at_once(
    cast: Cast, configure: Callable[..., None], tmp_path: Path
) -> None:
    def says() -> list[str]:
        look(NOW)
        return [alarm.text for alarm in current_alarms(NOW) if alarm.code == "signer_failing"]

    place = tmp_path / "place" / "signer"
    configure(signer_dir=str(place))
    assert ["The signer of the log doesn't answer" in text for text in says()] == [True]
    place.parent.mkdir()  # now one can be started there
    assert says() == []
    key = place / "log.key"
    key.write_bytes(bytes(reversed(key.read_bytes())))
    assert says() == ["log.key is not the one that signed the log before."]
    with override("fr"):
        assert says() == ["log.key n’est pas celle qui signait le journal auparavant."]


@pytest.mark.django_db
def test_what_breaks_a_look_hides_nothing_else(configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_now: datetime) -> None:
        raise ValueError("an answer that nobody expected")

    monkeypatch.setitem(outside.LOOKERS, next(iter(outside.LOOKERS)), breaks)
    configure(mailbox="imaps://127.0.0.1:1/")
    look(NOW - LASTS)
    assert rings(NOW) == {"mailbox"}


@pytest.mark.django_db
def test_a_mail_server_that_accepts_and_says_nothing_is_found_in_seconds(
    configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.notices.channels.smtp.SECONDS", 0.2)
    monkeypatch.setattr("leeward.notices.channels.mailbox.SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        configure(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mailbox=f"imaps://a:b@127.0.0.1:{port}/")
        look(NOW - LASTS)
    assert rings(NOW) == {"mail", "mailbox"}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "told"), [("backup_failing", [0, 12, 24]), ("urgent_untold", list(range(0, 36, 2)))])
def test_an_alarm_that_comes_and_goes_is_told_once_an_hour_unless_it_stops_cases(
    code: str, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[datetime] = []
    monkeypatch.setattr("leeward.site.alarming._concerned", lambda _number: [None])
    monkeypatch.setattr("leeward.site.alarming._hotlines_of", lambda _number: [])
    monkeypatch.setattr("leeward.site.alarming._write", lambda _person, _alarm: sent.append(moment) is None)
    for at in range(36):  # three hours; it rings for five minutes, and for five it doesn't
        for seconds in range(0, 300, 60):
            moment = NOW + timedelta(minutes=5 * at, seconds=seconds)
            tell((Alarm(code, EVERYWHERE),) if at % 2 == 0 else (), moment)
    assert [(moment - NOW) // timedelta(minutes=5) for moment in sent] == told
    tell((), NOW + timedelta(hours=5))
    assert not SentAlarm.objects.exists()


@pytest.mark.django_db
def test_a_backup_of_a_clock_that_was_ahead_hides_none_that_is_missing(
    configure: Callable[..., None], tmp_path: Path
) -> None:
    configure(backup_to=str(tmp_path))
    for made_at in (NOW - timedelta(hours=51), NOW + timedelta(days=400)):
        put_cover(tmp_path, made_at)
    look(NOW - LASTS)
    assert rings(NOW) == {"backup"}
    put_cover(tmp_path, NOW)
    look(NOW)
    assert rings(NOW) == set()


@pytest.mark.django_db
def test_a_folder_of_backups_that_cannot_be_read_is_said_by_everything_that_looks_there(
    configure: Callable[..., None], tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.touch()  # no folder at all: root, too, gets an error
    configure(backup_to=str(folder))
    look(NOW - LASTS)
    assert rings(NOW) == {"backup"}
    ages = [figure.values for figure in figures((), NOW) if figure.name == "backup_age_seconds"]
    assert ages == [{"made": -1.0, "proved": -1.0}]
    assert "leeward.site.E051" in {finding.id for finding in findings()}


@pytest.mark.django_db
def test_the_doctor_says_what_the_desk_says_of_proofs_and_decoders(
    configure: Callable[..., None], tmp_path: Path
) -> None:
    put_cover(tmp_path, NOW)
    configure(backup_to=str(tmp_path))
    outside.note_unproved(name_at(NOW), "log_not_vouched", NOW)
    Outside.objects.create(name="decoders", since=NOW - LASTS)
    said = {finding.id: finding.sentence for finding in findings()}
    assert "log_not_vouched" in said["leeward.site.E068"]
    assert "leeward.site.W051" not in said, "it was restored for trial"
    assert "no file can be decoded" in said["leeward.site.E067"]


@pytest.mark.django_db
def test_the_doctor_does_not_take_a_locked_database_for_one_without_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leeward.site.doctor.run_checks", lambda: [Error("no JSON", id="fields.E180")])
    assert "fields.E180" not in {finding.id for finding in findings()}


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def https(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate that ends in a week, and the certificate."""
    made = make_certificate(tmp_path, name="localhost", good_for=timedelta(days=7))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}", made.certificate
        server.shutdown()


@pytest.mark.django_db
def test_a_certificate_is_looked_at_as_a_browser_would(
    https: tuple[str, Path], configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, certificate = https
    configure(base_url=address)
    look(NOW)
    assert rings(NOW) == {"certificate"}, "nobody trusts it"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    look(NOW - timedelta(days=8))
    assert rings(NOW) == set(), "more than two weeks are left"
    look(NOW)
    assert rings(NOW) == {"certificate"}, "it ends in a week"
    Outside.objects.all().delete()
    configure(base_url="https://localhost:1")
    look(NOW)
    assert rings(NOW) == set(), "where this machine can't see its own address, it says nothing of it"


@pytest.mark.django_db
def test_the_disk_of_the_backups_is_looked_at_where_it_is_another(
    configure: Callable[..., None], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = settings.LEEWARD.data_dir
    other = another_disk(data)
    room = shutil.disk_usage("/")
    there = room._replace(total=10**12, free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: room if place == data else there)
    configure(backup_to=str(other))
    look(NOW)
    assert "backup_disk" in rings(NOW)
    assert "leeward.site.W070" in {one.id for one in findings()}
    configure(backup_to=str(data))
    look(NOW)
    assert "backup_disk" not in rings(NOW), "the disk of the data is told of anyway"
    for away in ("/not/there", "s3://storage.example/bucket"):
        configure(backup_to=away)
        assert outside.LOOKERS["backup_disk"](NOW) is None, away


def test_registries_are_silent_when_three_in_a_row_are() -> None:
    heard = Hearing()
    for _ in range(2):
        heard.note("timed_out")
    assert heard.silence() is None
    heard.note("connection_refused")
    assert heard.silence() is not None
    heard.note("answered")
    assert heard.silence() is None


class _Late(BaseHTTPRequestHandler):
    """A server whose clock is behind, or which hands out what it kept, or leads to another host."""

    behind_seconds = 0.0
    kept = False

    def do_GET(self) -> None:
        self.send_response_only(302 if self.path == "/moved" else 200)
        self.send_header("Location", f"http://127.0.0.9:{self.server.server_address[1]}/")
        self.send_header(
            "Date", format_datetime(datetime.now(UTC) - timedelta(seconds=self.behind_seconds), usegmt=True)
        )
        if self.kept:
            self.send_header("Age", "599")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[type[_Late], str]]:
    """A server on another machine, with a clock of its own, and its address without the host."""
    handler = type("Late", (_Late,), {})
    server = HTTPServer(("0.0.0.0", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_clock_is_wrong_when_a_witness_and_the_mail_server_say_so_and_right_once_it_is_set(
    cast: Cast,
    configure: Callable[..., None],
    elsewhere: tuple[type[_Late], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (witness, port), mail = elsewhere, b"Subject: An answer\r\n\r\nDone.\r\n"
    witness.behind_seconds = 600
    with ImapServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        configure(mailbox=server.setting, fetch_allowed_networks=("127.0.0.0/8",))
        assert witnessing_line.get(f"http://127.0.0.1:{port}/checkpoint")[0] == 200

        def comes() -> set[str]:
            server.messages.append(mail)
            mailbox.read(server.setting, lambda raw: None)
            look(NOW)
            return rings(NOW)

        assert comes() == set(), "one witness says so, and nobody knows for how long that mail lay there"
        assert [comes(), comes()] == [set(), set()], "the mail server says that the clock is right"
        server.behind_seconds = 590
        assert comes() == set(), "somebody may have moved an older mail there, or marked it as unread"
        assert comes() == {"clock"}
        server.behind_seconds = 86_400
        assert comes() == {"clock"}, "an older mail takes nothing back"
        assert "leeward.site.E063" in {one.id for one in findings()}
        with time_machine.travel(datetime.now(UTC) - timedelta(seconds=600), tick=True):
            look(NOW)
            assert rings(NOW) == set(), "nobody has to answer anew for it"


@pytest.mark.django_db
def test_other_hotlines_tell_the_time_whatever_else_they_answer(
    configure: Callable[..., None], elsewhere: tuple[type[_Late], str]
) -> None:
    (peer, port), private = elsewhere, bytes(range(32))
    configure(fetch_allowed_networks=("127.0.0.0/8",), exchange_allow_http=True)
    peer.behind_seconds = -600

    def ask(host: str) -> None:
        with pytest.raises(PeerSilent):
            exchange_line.post_for_receipt(f"http://{host}:{port}/exchange", b"{}", private=private, keys=[])

    peer.kept = True
    for number in (1, 2):
        ask(f"127.0.0.{number}")
    look(NOW)
    assert rings(NOW) == set(), "what comes out of a cache says nothing of now"
    peer.kept = False
    ask("127.0.0.1")
    ask("127.0.0.1")
    look(NOW)
    assert rings(NOW) == set(), "one that says it twice is one"
    ask("127.0.0.2")
    look(NOW)
    assert rings(NOW) == {"clock"}


@pytest.mark.django_db
def test_a_host_that_answers_for_two_registries_is_one_voice(
    configure: Callable[..., None], elsewhere: tuple[type[_Late], str]
) -> None:
    registry, port = elsewhere
    configure(fetch_allowed_networks=("127.0.0.0/8",), rdap_allow_http=True)
    registry.behind_seconds = 600
    for number in (1, 2):
        rdap_client.get_json(f"http://127.0.0.{number}:{port}/moved")
    look(NOW)
    assert rings(NOW) == set()
    rdap_client.get_json(f"http://127.0.0.1:{port}/")
    look(NOW)
    assert rings(NOW) == {"clock"}


def test_what_is_said_of_the_clock_counts_for_a_day() -> None:
    heard, running, now = Clocks(), read_clocks().running, datetime.now(UTC).timestamp()
    for number in range(60):
        heard.note(f"registry{number}.example", Statement(running, now - 400, now - 399))
    assert len(heard.statements) == MOST_ORIGINS
    assert heard.ahead_seconds() == pytest.approx(399, abs=5)
    heard.statements = {
        name: replace(one, running=running - COUNTS_SECONDS - 60) for name, one in heard.statements.items()
    }
    assert heard.ahead_seconds() is None
    heard.note("rdap.one.example", Statement(running, now - 400, now - 399))
    heard.note("whois.one.example", Statement(running, now - 400, now - 399))
    assert heard.ahead_seconds() is None, "two servers of one domain are one voice"


@pytest.mark.django_db
def test_a_log_that_the_signer_began_under_another_name_is_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No act speaks of it: whoever can write into the database has written the log anew."""
    signing_here(monkeypatch, tmp_path / "signer")
    monkeypatch.setitem(outside.LOOKERS, "log_name", LOOK_AT_LOGS)
    with hotline_transaction(5):
        record("case.opened", actor=SYSTEM, hotline_id=5, subject="case:1")
    publish(5, NOW)
    look(NOW)
    assert "log_name" not in rings(NOW)
    AuditTip.objects.filter(chain=5).update(origin="testserver/audit/5/2")
    publish(5, NOW)
    look(NOW)
    [alarm] = [one for one in current_alarms(NOW) if one.code == "log_name_failing"]
    assert alarm.text.startswith("The log testserver/audit/5/2 goes on under another name since ")
    assert "somebody may have changed the database" in alarm.hint
    Restoration.objects.create(backup_at=NOW, restored_at=NOW, prepared_at=NOW)
    look(NOW)
    assert "log_name" not in rings(NOW), "one that is restored is expected to"
    Restoration.objects.all().delete()
    look(NOW + timedelta(days=8))
    assert "log_name" not in rings(NOW)
