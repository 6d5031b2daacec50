"""The house rules that a machine can check: sizes, names, walls, words."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "/migrations/0" not in str(path))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 500, 60
SLICES = [
    "audit",
    "casework",
    "jobs",
    "web_security",
    "hosting",
    "installation",
    "intake",
    "languages",
    "laws",
    "monitoring",
    "notices",
    "people",
]
# Where a query may cross hotlines, each for its reason: finding out whose a thing is, the worker, the log, bulk data.
MAY_CROSS = {"jobs", "audit", "demo"}


def test_files_and_functions_stay_small() -> None:
    long = []
    for path in SOURCES:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT / "src/leeward")
        if text.count("\n") > MOST_LINES:
            long.append(str(name))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                start = node.body[0].lineno  # a command's options are its page in the manual, not its work
                if (node.end_lineno or 0) - start >= MOST_FUNCTION_LINES:
                    long.append(f"{name}: {node.name}")
    assert long == []


def test_no_drawer_names() -> None:
    drawers = {"utils", "helpers", "common", "core", "manager", "misc", "extras"}
    assert not [path for path in SOURCES if drawers & {path.stem, *path.parent.parts}]


@pytest.mark.parametrize("slice_name", SLICES)
def test_every_slice_says_what_it_is(slice_name: str) -> None:
    readme = ROOT / "src" / "leeward" / slice_name / "README.md"
    assert readme.exists()
    assert 4 <= len(readme.read_text(encoding="utf-8").splitlines()) <= 60


def test_walls_between_hotlines_are_opened_only_where_named() -> None:
    opened = {}
    for path in SOURCES:
        count = len(re.findall(r"\bscopes_disabled\(", path.read_text(encoding="utf-8")))
        if count:
            opened[str(path.relative_to(ROOT / "src/leeward"))] = count
    assert {name for name in opened if name.split("/")[0] not in MAY_CROSS} <= CROSSINGS, opened


# File -> why is said in the file, beside the call.
CROSSINGS: set[str] = set()


def test_every_table_of_a_hotline_is_behind_the_wall() -> None:
    from django.apps import apps
    from django_scopes.manager import ScopedManager  # noqa: F401 - the wall's own name

    open_tables = []
    for model in apps.get_models():
        if not model.__module__.startswith("leeward.") or model.__module__.startswith("leeward.people"):
            continue
        if any(field.name == "hotline" for field in model._meta.get_fields()):
            try:
                model._default_manager.all().exists()
            except Exception as error:
                if type(error).__name__ == "ScopeError":
                    continue
            open_tables.append(model.__name__)
    assert open_tables == []


def test_a_refusal_is_raised_in_one_place() -> None:
    """`authorize` asks the table of permissions and `require` raises what any `may_*` answers; nobody writes either again."""
    again = re.compile(r"raise NotAllowed\((reason=)?\w+\.reason\)|def _?demand\(actor|if not may\(.*\n\s+raise")
    found = {
        str(path.relative_to(ROOT / "src/leeward"))
        for path in SOURCES
        if again.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"foundation/errors.py"}


def test_nothing_names_this_machine_or_how_we_work() -> None:
    words = re.compile(r"/work/(main|shared)|subagent|\bLLM\b|language model|this session|farm-studio", re.IGNORECASE)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = []
    for name in listed:
        path = ROOT / name
        if name == "tests/contracts/test_house.py" or name.startswith("locale/") or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {match.group(0)}" for match in words.finditer(text)]
    assert found == []


def test_addresses_in_tests_are_nobodys() -> None:
    allowed = re.compile(
        r"(\.example|\.test|\.onion|\.invalid|localhost|127\.|\[|192\.0\.2|198\.51\.100|203\.0\.113|169\.254\.169\.254|10\.|192\.168|testserver|example\.co\.uk|0x|\{|%|\d+)"
    )
    # Suffixes under which anybody has a name, what registries keep for examples, and schemas' names: nobody is addressed.
    nobody = {"github.io", "co.uk", "docs.oasis-open.org", "www.w3.org", "hashsharing.ncmec.org", "github.com"}
    found = []
    for path in TESTS:
        for match in re.finditer(r"https?://([^/\s\"'<>)\\]+)", path.read_text(encoding="utf-8")):
            host = match.group(1)
            if not allowed.search(host) and "." in host and host not in nobody:
                found.append(f"{path.relative_to(ROOT)}: {host}")
    assert found == []


def test_log_events_are_noun_past_verb_everywhere() -> None:
    named = re.compile(r"record\(\s*\"([^\"]+)\"")
    events = {event for path in SOURCES for event in named.findall(path.read_text(encoding="utf-8"))}
    assert events
    assert not [event for event in events if not re.fullmatch(r"[a-z_]+\.[a-z_]+", event)]


# Slices that lock rows of a hotline's work.
TAKE_TURNS = {"casework", "hosting", "installation", "intake", "monitoring", "notices", "people"}


def test_writing_begins_with_the_hotlines_turn() -> None:
    """`hotline_transaction()` comes before any row is locked or written. A bare transaction is only a savepoint: around one insert that
    another process may have made first."""
    bare = []
    for path in SOURCES:
        inside = path.relative_to(ROOT / "src/leeward").parts
        if inside[0] not in TAKE_TURNS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        savepoints = {
            id(block)
            for node in ast.walk(tree)
            if isinstance(node, ast.Try)
            and any("IntegrityError" in ast.unparse(one.type or one) for one in node.handlers)
            for block in node.body
        }
        bare += [
            f"{'/'.join(inside)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            and any(ast.unparse(item.context_expr) == "transaction.atomic()" for item in node.items)
            and (id(node) not in savepoints or "record(" in ast.unparse(node))
        ]
    assert bare == []
