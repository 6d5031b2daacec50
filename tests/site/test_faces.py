"""Each face answers what is its own and nothing else, and looks for nobody's session where nobody signs in."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from leeward.cli.serve import plan_of
from leeward.demo.ports import free_port
from leeward.foundation.errors import BadInput
from leeward.site.config import Config
from leeward.site.faces import API, DESK, FACES, NAMES, PUBLIC
from leeward.site.public_key import NAME, derived, write
from leeward.site.serve import PASSPHRASE, Child, _children
from leeward.site.watching import Watch
from leeward.web.middleware import _most_bytes
from tests.contracts.test_routes import address, expected, patterns
from tests.personas import Cast
from tests.site.test_serve import children, until
from tests.tables import give_tables

SOURCE = Path(__file__).resolve().parents[2] / "src" / "leeward"
SHARED = {"/healthz"}


def routes(face: str) -> set[str]:
    return {f"/{path}" for path, _pattern in patterns(get_resolver(FACES[face].urls))}


def test_every_route_belongs_to_one_face_or_is_named_as_shared() -> None:
    counted = Counter(route for face in NAMES for route in routes(face))
    assert set(counted) == {route for _method, route in expected()}
    assert {route for route, count in counted.items() if count > 1} == SHARED
    assert {route for route in routes(DESK) - SHARED if not route.startswith("/desk")} == {"/metrics", "/health/ready"}
    assert not any(route.startswith("/desk") for face in (PUBLIC, API) for route in routes(face))
    assert not any("<str:token>" in route for route in routes(PUBLIC)), "whoever has a link of their own asks elsewhere"


@pytest.mark.django_db
@pytest.mark.parametrize("face", NAMES)
def test_a_face_answers_its_own_routes_and_no_other(face: str, cast: Cast, bare_refusals: None) -> None:
    from leeward.people.models import User

    wrong, own = [], routes(face)
    mine, config = FACES[face], django_settings.LEEWARD
    write(config.data_dir / NAME, config.public_key)
    ours = config.model_copy(update={"face": face})  # in the public one, whatever needs the secret fails
    with override_settings(ROOT_URLCONF=mine.urls, MIDDLEWARE=list(mine.middleware), LEEWARD=ours):
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(pk=cast["adam"].account_id))
        signed_in = client.cookies.copy()
        with CaptureQueriesContext(connection) as asked:  # the desk’s own pages are not asked
            for (method, route), numbers in expected().items():
                if route in own and (route.startswith("/desk") or method == "POST"):
                    continue  # tests/contracts/test_routes.py; there the whole has the same middleware
                if method == "POST" and not route.startswith(("/desk/", "/api/", "/notice", "/referral")):
                    continue
                client.cookies = signed_in.copy()
                where = address(route, cast)
                found = (client.get(where) if method == "GET" else client.post(where, {})).status_code
                if found not in ([numbers[0]] if route in own else [404] if method == "GET" else [404, 405]):
                    wrong.append(f"{method} {route}: {found}")
    assert wrong == [], "\n".join(wrong)
    sessions = [query["sql"] for query in asked if "django_session" in query["sql"]]
    assert sessions == []


@pytest.mark.django_db
def test_what_was_typed_on_a_public_page_goes_with_its_answer(cast: Cast) -> None:
    with override_settings(ROOT_URLCONF=FACES[PUBLIC].urls, MIDDLEWARE=list(FACES[PUBLIC].middleware)):
        asked = Client().post("/jm/receipt", {"receipt": "1234"}).wsgi_request
    assert (dict(asked.POST), asked.body, asked.META["wsgi.input"].read()) == ({}, b"", b"")


def test_pages_name_addresses_of_their_own_face_only() -> None:
    """A page is built with the table of its face: the names in use are the desk's, but for a few on public pages."""
    known = {
        f"{prefix}{name}"
        for resolver, prefix in _with_names(get_resolver(FACES[DESK].urls))
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    used = {
        (name, path.name)
        for pattern, kind in (
            (r"{% url ['\"]([\w:-]+)", "*.html"),
            (r"\b(?:reverse|redirect)\(\s*['\"]([\w-]+:[\w-]+)", "*.py"),
        )
        for path in SOURCE.rglob(kind)
        for name in re.findall(pattern, path.read_text(encoding="utf-8"))
    }
    assert len(used) > 200
    foreign = {pair for pair in used if pair[0] not in known}
    assert {page.partition("_")[0] for _name, page in foreign} == {"public"}
    public = {"awareness:show-learning-feed", "indicators:show-portal-figures"}
    public |= {f"indicators:download-{what}" for what in ("figures", "package", "sdmx")}
    assert {name for name, _page in foreign} == public


def _with_names(resolver, prefix=""):
    yield resolver, prefix
    for name, (_path, inner) in resolver.namespace_dict.items():
        yield from _with_names(inner, f"{prefix}{name}:")


def status(port: int, path: str) -> int:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).status
    except urllib.error.HTTPError as refused:
        return refused.code


MATCHER = {"matcher_list": "/srv/list", "matcher_socket": "/run/matcher"}
APART = {"desk_bind": "127.0.0.1:8471", "api_bind": "127.0.0.1:8472"}


@pytest.mark.parametrize(
    ("configured", "given", "runs"),
    [
        ({}, {}, [("", "127.0.0.1:8470"), "worker"]),
        ({}, {"worker": False}, [("", "127.0.0.1:8470")]),
        (APART, {}, [("public", "127.0.0.1:8470"), ("desk", "127.0.0.1:8471"), ("api", "127.0.0.1:8472"), "worker"]),
        ({**APART, "bind": ""}, {}, [("desk", "127.0.0.1:8471"), ("api", "127.0.0.1:8472"), "worker"]),
        (APART, {"face": "desk"}, [("desk", "127.0.0.1:8471")]),
        (APART, {"face": "api", "bind": "127.0.0.1:1"}, [("api", "127.0.0.1:1")]),
        ({"stop_bind": "127.0.0.1:2"}, {"face": "public"}, [("public", "127.0.0.1:8470")]),
        ({"stop_bind": "127.0.0.1:2"}, {"face": "stop"}, ["stop page"]),
        (APART, {"face": "worker"}, ["worker"]),
        (MATCHER, {}, [("", "127.0.0.1:8470"), "matcher", "worker"]),
        (MATCHER, {"web": False}, ["worker"]),
        (MATCHER, {"face": "stop", "bind": "127.0.0.1:1"}, ["stop page"]),
    ],
)
def test_what_runs_in_a_tree(
    configured: dict[str, str], given: dict[str, Any], runs: list[object], tmp_path: Path
) -> None:
    plan = plan_of(
        Config(**configured), **({"face": None, "bind": None, "stop_bind": None, "web": True, "worker": True} | given)
    )
    found: list[object] = []
    for child in _children(plan, Watch(tmp_path)):
        where = re.sub(r".*--host (\S+) --port (\S+) .*", r"\1:\2", " ".join(child.command()))
        found.append((child.settings["LEEWARD_FACE"], where) if "LEEWARD_FACE" in child.settings else child.name)
    assert found == runs


def test_a_desk_of_its_own_comes_first_where_processors_are_short(tmp_path: Path) -> None:
    """What runs beside it gives way; all in one can't, and nothing does for a desk that runs elsewhere."""
    options = {"bind": None, "stop_bind": None, "web": True, "worker": True}

    def nice(face: str | None, **configured: str) -> dict[str, int]:
        children = _children(plan_of(Config(**configured), face, **options), Watch(tmp_path))
        return {child.name: child.niceness for child in children}

    assert nice(None, **APART) == {"public": 5, "desk": 0, "api": 5, "worker": 5}
    assert nice(None) == {"web": 0, "worker": 0}
    assert nice("public", **APART) == {"public": 0}
    child = Child("it", lambda: ["sleep", "60"], niceness=5)
    child.start()
    assert child.process
    try:
        assert os.getpriority(os.PRIO_PROCESS, child.process.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    finally:
        child.process.kill()
        child.process.wait()


def test_only_who_lets_staff_in_and_who_works_are_told_the_passphrase_of_words(tmp_path: Path) -> None:
    plan = plan_of(Config(**APART, stop_bind="127.0.0.1:1"), None, bind=None, stop_bind=None, web=True, worker=True)
    told = [child.name for child in _children(plan, Watch(tmp_path)) if not {*child.without} & {*PASSPHRASE}]
    assert told == ["desk", "worker"]
    plan = plan_of(Config(), None, bind=None, stop_bind=None, web=True, worker=True)
    assert [child.name for child in _children(plan, Watch(tmp_path)) if not child.without] == ["web", "worker"]


def test_only_a_web_server_and_a_worker_with_the_same_settings_are_forked(tmp_path: Path) -> None:
    def forked(face: str | None = None, *, web: bool = True, worker: bool = True, **configured: str) -> list[str]:
        options = {"bind": None, "stop_bind": "127.0.0.1:1", "web": web, "worker": worker}
        children = _children(plan_of(Config(**configured), face, **options), Watch(tmp_path))
        return [child.name for child in children if child.is_forked]

    assert forked() == ["web", "worker"]
    assert forked(worker=False) == forked(web=False) == forked("worker") == forked("desk") == []
    assert forked(**APART) == forked(None, **APART) == []


PREPARED = (
    "from leeward.site.start import prepare_database, settle_keys, start; start(); prepare_database(); settle_keys()"
)


@pytest.mark.xdist_group("serve")
def test_api_and_stop_page_run_where_the_key_that_opens_words_is_not_and_the_desk_does_not(tmp_path: Path) -> None:
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": "", "LEEWARD_WEB_PROCESSES": "1"}
    environment["LEEWARD_DNS_RESOLVERS"] = "127.0.0.1:1"
    give_tables(tmp_path / "leeward.sqlite3")
    subprocess.run([sys.executable, "-c", PREPARED], env=environment, check=True)
    (tmp_path / "words.key").unlink()
    command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{(port := free_port())}", "--face"]
    done = subprocess.run([*command, "desk"], env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, "words.key is missing" in done.stderr) == (2, True), done.stderr
    for key in ("audit.key", "lists.key"):  # docs/how-to/faces.md says what a machine of its own needs
        (tmp_path / key).rename(tmp_path / "away")
        done = subprocess.run(
            [*command, "api"], env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert (done.returncode, f"{key} is missing" in done.stderr) == (2, True), done.stderr
        (tmp_path / "away").rename(tmp_path / key)
    for face, path, code in (("api", "/api/v1/openapi.json", 200), ("stop", "/", 451)):
        process = subprocess.Popen([*command, face], env=environment, stdout=subprocess.DEVNULL)
        try:
            assert until(lambda page=path, code=code: status(port, page) == code, seconds=180), face
            assert not (tmp_path / "words.key").exists(), "nor does it make one"
        finally:
            process.terminate()
            process.wait(15)


@pytest.mark.parametrize(
    ("configured", "face"),
    [
        ({"desk_bind": "127.0.0.1:1"}, None),
        ({**APART, "api_bind": APART["desk_bind"]}, None),
        ({**APART, "bind": APART["desk_bind"]}, None),
        ({**APART, "stop_bind": "localhost:8471"}, None),
        ({**APART, "bind": "0.0.0.0:8471"}, None),
        ({**APART, "bind": "[::]:8472"}, None),
        ({"stop_bind": "127.0.0.1:8470"}, None),
        ({"bind": ""}, None),
        ({"bind": ""}, "desk"),
        ({**APART, "bind": ""}, "public"),
        ({"matcher_list": "/srv/list"}, None),
        ({"matcher_socket": "/run/matcher"}, None),
    ],
)
def test_two_of_three_addresses_one_for_two_parts_and_none_are_no_plan(configured: dict[str, str], face: Any) -> None:
    """Two faces that share an address would share its visitors: the desk would be open to everybody, now and then."""
    with pytest.raises(BadInput):
        plan_of(Config(**configured), face, bind=None, stop_bind=None, web=True, worker=True)


def test_a_face_that_is_set_is_all_that_a_command_runs(tmp_path: Path) -> None:
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": "", "LEEWARD_FACE": "public"}
    write(tmp_path / NAME, derived(b"a secret that this process never sees"))
    command = [sys.executable, "-m", "leeward", "serve", "--bind", "127.0.0.1:0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "tables of the database" in done.stderr) == (75, True), "the whole would have made them"


@pytest.mark.xdist_group("serve")
def test_the_public_face_runs_alone(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    write(tmp_path / NAME, derived(b"a secret that this process never sees"))
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "LEEWARD_SECRET"}
    environment |= {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": "", "LEEWARD_WEB_PROCESSES": "1"}
    environment["LEEWARD_DNS_RESOLVERS"] = "127.0.0.1:1"
    command = [sys.executable, "-m", "leeward", "serve", "--face", "public", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert until(lambda: status(port, "/") == 200, seconds=120)
        assert [status(port, path) for path in ("/desk/", "/desk/account/login/", "/api/v1/openapi.json")] == [404] * 3
        assert len(children(process.pid)) == 1, "no worker beside it"
    finally:
        process.terminate()
        process.wait(15)


@pytest.mark.parametrize("program", ["nginx", "caddy"])
def test_the_proxy_of_the_how_to_leads_every_route_to_its_face(program: str) -> None:
    page = (SOURCE.parents[1] / "docs/how-to/faces.md").read_text(encoding="utf-8")
    block = page.partition(f"```{program} faces\n")[2].partition("```")[0]
    desk, api = re.findall(r"(\^\S+\$\))", block)
    for face, pattern in ((PUBLIC, None), (DESK, desk), (API, api)):
        for route in routes(face) - SHARED:
            for path in (route.replace("<int:chain>", "1"), f"/lang/fr{route}".replace("<int:chain>", "1")):
                found = [name for name, rule in ((DESK, desk), (API, api)) if re.search(rule, path)]
                assert found == ([face] if pattern else []), path
    assert [re.search(desk, "/desktop/"), re.search(api, "/apia/report")] == [None, None]


LARGE = (
    "/api/v1/check", "/hma/h/lookup", "/api/v1/provider/reports", "/desk/tips/take", "/desk/administration/restored/sent",
)  # fmt: skip


@pytest.mark.parametrize("path", LARGE)
def test_the_proxies_that_the_documents_give_let_through_what_is_taken_here(path: str) -> None:
    """A provider whose batch a proxy refuses has not reported."""
    page = (SOURCE.parents[1] / "docs/how-to/production.md").read_text(encoding="utf-8")
    found = re.search(r"location ~ (\S+) \{ client_max_body_size (\d+)m;", page)
    caddy = re.search(r"@files path (.*)\n", page)
    assert found is not None
    assert caddy is not None
    assert re.match(found[1], path)
    assert any(fnmatch(path, one) for one in caddy[1].split())
    assert 6_000_000 < _most_bytes(path) <= int(found[2]) * 1_000_000


@pytest.mark.parametrize("path", LARGE)
def test_so_do_those_before_faces_that_run_apart(path: str) -> None:
    """nginx takes the first location whose pattern fits, and Caddy the first handle: no later one gives more room."""
    page = (SOURCE.parents[1] / "docs/how-to/faces.md").read_text(encoding="utf-8")
    nginx, caddy = (page.partition(f"```{program} faces\n")[2].partition("```")[0] for program in ("nginx", "caddy"))
    locations = re.findall(r"location ~ (\S+) \{(?: client_max_body_size (\d+)m;)? proxy_pass", nginx)
    size = next(size for pattern, size in locations if re.search(pattern, path))
    assert _most_bytes(path) <= int(size or 0) * 1_000_000
    names = re.findall(r"(@\w+) path_regexp (\S+)", caddy)
    name = next(name for name, pattern in names if re.search(pattern, path))
    block = caddy.partition(f"handle {name} {{")[2].partition("\nhandle")[0]
    assert _most_bytes(path) <= int(block.partition("max_size ")[2].partition("MB")[0]) * 1_000_000
    assert caddy.count("reverse_proxy") == caddy.count("buffer_requests") == 3, "a slow sender holds a thread"


def test_no_two_how_tos_give_the_same_port_to_different_things() -> None:
    """Whoever follows both would lead everybody who asks for a blocked name to the desk."""
    given: list[str] = []
    for page, pattern in (
        ("faces", r"LEEWARD_(?:DESK_|API_)?BIND=127\.0\.0\.1:(\d+)"),
        ("publish-lists", r"proxy_pass http://127\.0\.0\.1:(\d+)"),
        ("onion", r"listen 127\.0\.0\.1:(\d+)"),
    ):
        text = (SOURCE.parents[1] / f"docs/how-to/{page}.md").read_text(encoding="utf-8")
        given += sorted(set(re.findall(pattern, text)))
    assert len(given) == len(set(given)) == 5, given
