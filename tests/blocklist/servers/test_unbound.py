"""Unbound behind Knot DNS with the configuration of docs/how-to/unbound.md."""

from contextlib import contextmanager

import pytest

from leeward.demo.ports import free_port
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


@contextmanager
def knot(folder, source, resolver, secret=SECRET):
    knotd = program("knotd", "knot")
    (folder / "knot.conf").write_text(
        filled(
            blocks("unbound.md")["knot.conf"],
            {
                "/run/knot": str(folder),
                "/var/lib/knot": str(folder),
                "127.0.0.1@5354": f"127.0.0.1@{source.notified}",
                "127.0.0.1@53\n": f"127.0.0.1@{resolver.port}\n",
                "192.0.2.53@53": f"127.0.0.1@{source.port}",
                "192.0.2.53": "127.0.0.1",
                PAGE_SECRET: secret,
            },
        )
    )
    with process(knotd, "-c", folder / "knot.conf", log=folder / "knot.log"):
        yield


@contextmanager
def unbound(folder, source, resolver, everything):
    server = program("unbound", "unbound")
    page = blocks("unbound.md")
    held = folder / "rpz.hotline.example.zone"
    if not held.exists():
        held.write_text(page[held.name])
    ours = filled(
        page["leeward.conf"],
        {"/var/lib/unbound/": f"{folder}/", "127.0.0.1@5354": f"127.0.0.1@{source.notified}"},
    )
    (folder / "unbound.conf").write_text(
        f"""
server:
    interface: 127.0.0.1
    port: {resolver.port}
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    do-not-query-localhost: no
    do-ip6: no
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{everything}
{ours}
"""
    )
    with process(server, "-d", "-c", folder / "unbound.conf", log=folder / "unbound.log"):
        yield


@pytest.fixture
def resolver():
    return Resolver(free_port())


def test_unbound_blocks_follows_and_keeps_blocking_without_its_primary(tmp_path, source, resolver, everything):
    with knot(tmp_path, source, resolver), unbound(tmp_path, source, resolver, everything):
        blocks_the_list(resolver)
        follows_changes(resolver, source)
    source.running.stop()
    with unbound(tmp_path, source, resolver, everything):
        until(lambda: resolver.opens("neighbour.example"))
        assert resolver.blocks("new.example")
        assert resolver.opens("one.example")
    assert "whole.example" not in (tmp_path / "unbound.log").read_text(), "listed names stay out of the log"


def test_unbound_sends_to_the_stop_page(tmp_path, source, resolver, everything):
    with knot(tmp_path, source, resolver), unbound(tmp_path, source, resolver, everything):
        blocks_the_list(resolver)
        sends_to_the_stop_page(resolver, source)


@pytest.mark.parametrize("is_up", [True, False])
def test_unbound_without_a_list_answers_nothing(tmp_path, source, resolver, everything, is_up):
    """The key is wrong, or the primary is down."""
    if not is_up:
        source.running.stop()
    secret = WRONG_SECRET if is_up else SECRET
    with knot(tmp_path, source, resolver, secret), unbound(tmp_path, source, resolver, everything):
        until(lambda: "failed" in (tmp_path / "knot.log").read_text(), what="Knot could not fetch the list")
        assert not is_up or source.counts["refused"] >= 1
        until(lambda: "start of service" in (tmp_path / "unbound.log").read_text())
        assert [resolver.ask(name).code for name in ("neighbour.example", "whole.example")] == ["SILENT", "SILENT"]
