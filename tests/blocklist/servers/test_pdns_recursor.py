"""PowerDNS Recursor with the configuration of docs/how-to/pdns-recursor.md."""

from contextlib import contextmanager

import pytest

from tests.blocklist.servers.conftest import (
    PAGE_SECRET,
    SECRET,
    WRONG_SECRET,
    blocks_the_list,
    follows_changes,
    sends_to_the_stop_page,
)
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import Resolver, process, program, until

pytestmark = pytest.mark.servers


PAUSE_SECONDS = 5.0
"""PowerDNS does nothing about a notification that comes seconds after a transfer."""


@contextmanager
def pdns(folder, source, everything, secret=SECRET):
    source.pause_seconds = PAUSE_SECONDS
    recursor = program("pdns_recursor", "pdns-recursor")
    page = blocks("pdns-recursor.md")
    held = folder / "rpz.hotline.example.zone"
    if not held.exists():
        held.write_text(page[held.name])
    parts = folder / "recursor.d"
    parts.mkdir(exist_ok=True)
    (parts / "leeward.yml").write_text(
        filled(
            page["leeward.yml"],
            {
                "192.0.2.53:53": f"127.0.0.1:{source.port}",
                "192.0.2.53/32": "127.0.0.1/32",
                "/var/lib/pdns-recursor/": f"{folder}/",
                PAGE_SECRET: secret,
            },
        )
    )
    (folder / "recursor.yml").write_text(
        f"""
recursor:
  include_dir: {parts}
  socket_dir: {folder}
  threads: 1
  security_poll_suffix: ""
  forward_zones_recurse:
    - zone: .
      forwarders: ["127.0.0.1:{everything}"]
incoming:
  listen: ["127.0.0.1:{source.notified}"]
outgoing:
  dont_query: []
dnssec:
  validation: "off"
"""
    )
    with process(recursor, f"--config-dir={folder}", "--daemon=no", "--disable-syslog", log=folder / "log"):
        yield Resolver(source.notified)


def test_pdns_blocks_follows_and_keeps_blocking_without_its_primary(tmp_path, source, everything):
    with pdns(tmp_path, source, everything) as resolver:
        blocks_the_list(resolver)
        assert resolver.ask("whole.example").errors == ((16, "Blocked by law"),)
        follows_changes(resolver, source)
        until(lambda: "new.example" in (tmp_path / "rpz.hotline.example.zone").read_text())
    source.running.stop()
    with pdns(tmp_path, source, everything) as resolver:
        until(lambda: resolver.opens("neighbour.example"))
        assert resolver.blocks("new.example")
        assert resolver.opens("one.example")
    assert "whole.example" not in (tmp_path / "log").read_text(), "listed names stay out of the log"


def test_pdns_sends_to_the_stop_page(tmp_path, source, everything):
    with pdns(tmp_path, source, everything) as resolver:
        blocks_the_list(resolver)
        sends_to_the_stop_page(resolver, source)


@pytest.mark.parametrize("is_up", [True, False])
def test_pdns_without_a_list_answers_nothing(tmp_path, source, everything, is_up):
    """The key is wrong, or the primary is down."""
    if not is_up:
        source.running.stop()
    with pdns(tmp_path, source, everything, WRONG_SECRET if is_up else SECRET) as resolver:
        until(lambda: "retrieval of delta" in (tmp_path / "log").read_text(), what="PowerDNS could not fetch the list")
        assert not is_up or source.counts["refused"] >= 1
        assert [resolver.ask(name).code for name in ("neighbour.example", "whole.example")] == ["SILENT", "SILENT"]
