"""BIND 9 with the configuration of docs/how-to/bind9.md."""

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


@contextmanager
def bind(folder, source, everything, secret=SECRET):
    named = program("named", "bind9")
    page = blocks("bind9.md")
    (folder / "leeward.key").write_text(filled(page["leeward.key"], {PAGE_SECRET: secret}))
    local = filled(
        page["named.conf.local"],
        {"/etc/bind/": f"{folder}/", "192.0.2.53": "127.0.0.1", "port 53": f"port {source.port}"},
    )
    held = folder / "rpz.hotline.example.zone"
    if not held.exists():
        held.write_text(page[held.name])
    (folder / "named.conf").write_text(
        f"""
options {{
    directory "{folder}";
    pid-file none;
    listen-on port {source.notified} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    forwarders port {everything} {{ 127.0.0.1; }};
    forward only;
    dnssec-validation no;
    {page["named.conf.options"]}
}};
controls {{ }};
{local}
"""
    )
    with process(named, "-g", "-c", folder / "named.conf", log=folder / "log"):
        yield Resolver(source.notified)


def test_bind_blocks_follows_and_keeps_blocking_without_its_primary(tmp_path, source, everything):
    with bind(tmp_path, source, everything) as resolver:
        blocks_the_list(resolver)
        assert [number for number, _ in resolver.ask("whole.example").errors] == [16]
        follows_changes(resolver, source)
    source.running.stop()
    with bind(tmp_path, source, everything) as resolver:
        until(lambda: resolver.opens("neighbour.example"))
        assert resolver.blocks("new.example")
        assert resolver.opens("one.example")
    assert "whole.example" not in (tmp_path / "log").read_text(), "listed names stay out of the log"


def test_bind_sends_to_the_stop_page(tmp_path, source, everything):
    with bind(tmp_path, source, everything) as resolver:
        blocks_the_list(resolver)
        sends_to_the_stop_page(resolver, source)


@pytest.mark.parametrize("is_up", [True, False])
def test_bind_without_a_list_answers_nothing(tmp_path, source, everything, is_up):
    """The key is wrong, or the primary is down."""
    if not is_up:
        source.running.stop()
    with bind(tmp_path, source, everything, WRONG_SECRET if is_up else SECRET) as resolver:
        until(lambda: "refresh: " in (tmp_path / "log").read_text(), what="BIND could not fetch the list")
        assert not is_up or source.counts == {"refused": 1}
        assert [resolver.ask(name).code for name in ("neighbour.example", "whole.example")] == ["SILENT", "SILENT"]
