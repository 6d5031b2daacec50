import json
import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import dns.resolver
import httpx2
import pytest

from leeward.demo.browserless import Browser
from leeward.demo.world import World, cast, sites
from leeward.site.config import Config


@pytest.fixture(scope="module")
def world():
    with World() as running:
        yield running


def visit(world, url):
    with Browser(addresses=cast.SITES, timeout_seconds=5) as visitor:
        return visitor.open(url)


def test_it_starts_fast(fastest_start):
    assert fastest_start(World) < 0.2


def test_its_environment_is_understood_by_the_settings(world, monkeypatch):
    for name in [name for name in os.environ if name.startswith("LEEWARD_")]:
        monkeypatch.delenv(name)
    for name, value in world.environment().items():
        assert name.removeprefix("LEEWARD_").lower() in Config.model_fields
        monkeypatch.setenv(name, value)
    config = Config()
    assert config.demonstration
    assert config.dns_resolvers == (world.names.resolver,)
    assert config.fetch_allowed_networks == ("127.0.0.16/28", "127.0.0.32/28", "127.0.0.48/28")
    assert (config.smtp_host, config.smtp_port, config.smtp_security) == ("127.0.0.1", world.mail.port, "none")
    assert config.mailbox == f"dir:{world.mailbox.folder}"
    assert config.pace == 600


def test_every_site_has_its_address_and_that_address_its_network(world):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], world.names.port
    countries = {}
    for name in cast.SITES:
        (address,) = [record.to_text() for record in resolver.resolve(name, "A")]
        network = httpx2.get(f"{world.rdap.url}/rdap/ip/{address}").json()
        countries[name] = network["country"]
        registered = name.split(".", 1)[1]
        assert httpx2.get(f"{world.rdap.url}/rdap/domain/{registered}").status_code == 200
        assert visit(world, world.host.address_of(name)).status in (200, 404)
    assert countries[cast.PICTURES] == "JM"
    assert countries[cast.FAR_PICTURES] == "CA"


def test_the_gallery_shows_its_pictures_and_goes_when_the_host_takes_it_down(world):
    page = visit(world, world.gallery_url)
    sources = page.texts("//img/@src")
    assert (page.title, len(sources)) == ("Views of the harbour", 6)
    kinds = {visit(world, world.host.address_of(cast.PICTURES, path)).headers["content-type"] for path in sources}
    assert kinds == {"image/jpeg", "image/png"}
    world.pictures.take_down(sites.GALLERY)
    try:
        assert visit(world, world.gallery_url).status == 410
        assert visit(world, world.far_gallery_url).status == 200
        assert visit(world, world.control_url).status == 200
    finally:
        world.pictures.restore(sites.GALLERY)
    assert visit(world, world.gallery_url).status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log-in", 401),
        ("/forbidden", 403),
        ("/not-here", 451),
        ("/referrer", 403),
        ("/script-only", 200),
        ("/huge.png", 200),
    ],
)
def test_odd_pages_answer_as_they_should(world, path, status):
    assert visit(world, world.odd_url(path)).status == status


def test_mail_to_everybody_in_the_cast_arrives(world):
    with smtplib.SMTP(world.mail.host, world.mail.port, timeout=60) as connection:
        connection.login(world.mail.user, world.mail.password)
        for recipient in (cast.POLICE, cast.HOST_ABUSE):
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = cast.HOTLINE, recipient, "A word"
            message.set_content("Hello")
            connection.send_message(message)
    assert world.mail.messages(cast.POLICE)[0].text.strip() == "Hello"
    world.mailbox.reply(world.mail.messages(cast.HOST_ABUSE)[0].message, "Done")
    assert len(world.mailbox.waiting()) == 1


def test_nothing_of_the_world_outlives_it():
    with World() as world:
        folder = world.mailbox.folder
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ValueError, match="not running"):
        _ = world.mailbox


def test_the_world_has_nothing_of_django_in_it():
    modules = "leeward.demo.world.__main__, leeward.demo.steps, leeward.demo.browserless"
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_command_prints_the_environment_and_ends_on_a_signal(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "leeward.demo.world", "--json", "--mailbox", str(tmp_path / "box")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        environment = json.loads(process.stdout.readline())
        assert environment["LEEWARD_MAILBOX"] == f"dir:{tmp_path / 'box'}"
        assert httpx2.get(environment["LEEWARD_RDAP_BOOTSTRAP_URL"] + "dns.json").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert "gallery here: http://pictures.harbour-host.example:" in process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    assert Path(tmp_path / "box").is_dir()


def run_command(*options):
    command = [sys.executable, "-m", "leeward.demo.world", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_names_a_taken_port_in_one_line(world):
    done = run_command("--port", str(world.host.port))
    assert done.returncode == 2
    assert "address already in use" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [("--port", "70000"), ("--mailbox", "/dev/null/box")])
def test_the_command_refuses_what_can_not_be(options):
    done = run_command(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
