"""The adblock export in the engines that people have: Brave's (from PyPI) and uBlock's (from npm): visits are blocked too."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import adblock as brave
import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.plain import adblock
from leeward.blocklist.rules.scopes import Scope
from tests.blocklist.servers.running import program

LIST = [
    ListEntry(Scope.DOMAIN, "http://whole.example/"),
    ListEntry(Scope.HOST, "http://one.example/"),
    ListEntry(Scope.PATH, "http://shared.example/tenant/"),
    ListEntry(Scope.URL, "http://shared.example/a/page.html"),
    ListEntry(Scope.URL, "http://shared.example/q?id=1"),
]
BLOCKED = (
    "https://whole.example/",
    "http://www.whole.example/x",
    "https://one.example/",
    "http://one.example/any?x=1",
    "https://shared.example/tenant/x.html",
    "https://shared.example/a/page.html",
    "http://shared.example/a/page.html?from=mail",
    "https://shared.example/q?id=1",
)
OPEN = (
    "https://other.example/",
    "https://sub.one.example/",
    "https://shared.example/",
    "https://shared.example/a/page.html.txt",
    "https://shared.example/q?id=12",
    "https://notwhole.example/",
)
Asks = Callable[[list[str], str], list[bool]]
SCRIPT = """
import { readFileSync } from 'node:fs';
const { StaticNetFilteringEngine } = await import(process.argv[2]);
const { raw, asked } = JSON.parse(readFileSync(0, 'utf8'));
const engine = await StaticNetFilteringEngine.create();
await engine.useLists([{ name: 'list', raw }]);
console.log(JSON.stringify(asked.map(one => engine.matchRequest(one) === 1)));
"""


def in_brave(raw: str) -> Asks:
    rules = brave.FilterSet()
    rules.add_filter_list(raw)
    engine = brave.Engine(rules)

    def ask(urls: list[str], kind: str) -> list[bool]:
        return [
            engine.check_network_urls(url, url if kind == "document" else "https://from.example/", kind).matched
            for url in urls
        ]

    return ask


def in_ublock(raw: str, folder: Path) -> Asks:
    package = os.environ.get("LEEWARD_TEST_UBO", "")
    if not package:
        pytest.skip("LEEWARD_TEST_UBO is not set: tools/run_tests.py sets it where npm can install @gorhill/ubo-core")
    node, script = program("node", "nodejs"), folder / "ask.mjs"
    script.write_text(SCRIPT, encoding="utf-8")

    def ask(urls: list[str], kind: str) -> list[bool]:
        types = {"document": "main_frame"}
        asked = [
            {
                "url": url,
                "type": types.get(kind, kind),
                "originURL": url if kind == "document" else "https://from.example/",
            }
            for url in urls
        ]
        told = json.dumps({"raw": raw, "asked": asked})
        done = subprocess.run(
            [node, script, f"{package}/index.js"], input=told, capture_output=True, text=True, check=False, cwd=package
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout.splitlines()[-1]))

    return ask


@pytest.mark.parametrize("engine", ["brave", "ublock"])
def test_visits_pictures_and_frames_are_blocked_and_neighbours_open(engine: str, tmp_path: Path) -> None:
    raw = adblock(LIST).text(["list national, serial 1"], mark="!")
    ask = in_brave(raw) if engine == "brave" else in_ublock(raw, tmp_path)
    for kind in ("document", "image", "sub_frame"):
        assert dict(zip(BLOCKED, ask(list(BLOCKED), kind), strict=True)) == dict.fromkeys(BLOCKED, True), kind
        assert dict(zip(OPEN, ask(list(OPEN), kind), strict=True)) == dict.fromkeys(OPEN, False), kind
