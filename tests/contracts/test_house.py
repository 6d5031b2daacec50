"""The house rules that a machine can check: sizes, names, walls, words."""

import ast
import importlib
import inspect
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "/migrations/0" not in str(path))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 400, 60
# numba's cache looks only at the file of the kernel itself: after a change of a function that a kernel calls in another file, every
# machine would go on running the old code.
LONGER = {"matching/index/kernels.py"}
SLICES = sorted(path.name for path in (ROOT / "src/leeward").iterdir() if (path / "__init__.py").exists())
NO_ROOMS = {
    "migrations",
    "templatetags",
    "views",
    "rules",
    "models",
    "decoders",
    "formats",
}  # standard folders, and a form a file
ROOMS = sorted(
    f"{slice_name}/{path.parent.name}"
    for slice_name in ("capacity", "casework", "hashbank")
    for path in (ROOT / "src/leeward" / slice_name).glob("*/__init__.py")
    if path.parent.name not in NO_ROOMS
)


def test_files_and_functions_stay_small() -> None:
    long = []
    for path in SOURCES:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT / "src/leeward")
        if text.count("\n") > MOST_LINES and str(name) not in LONGER:
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
    assert 4 <= len(readme.read_text(encoding="utf-8").splitlines()) <= 70


# Who may leave a hotline's scope, each for its reason: the worker, the log, bulk data.
MAY_CROSS = {"jobs", "audit", "demo"}
# Managers that see the rows of every hotline. A link, a reply or a page's token comes without one and says by its row whose it is.
UNSCOPED = {
    "capacity.Certificate.of_every_hotline",  # whoever is shown one has its number only
    "administration.PortalHandOver.of_every_hotline",  # an offer is between two hotlines
    "administration.ReferralTest.of_every_hotline",
    "exchange.PeerInvitation.of_every_hotline",
    "intake.HandedItem.of_every_hotline",  # news of a case that ended here finds the case in the other hotline
    "notices.Contact.of_every_hotline",
    "notices.InboundMail.of_every_hotline",
    "notices.Message.of_every_hotline",
    "notices.Notice.of_every_hotline",
    "notices.PaymentAlert.of_every_hotline",
    "notices.Referral.of_every_hotline",
    "oncall.CalendarFeed.of_every_hotline",
    "oncall.PageMessage.of_every_hotline",
    "oncall.PortalRota.of_every_hotline",  # an agreement is between two hotlines
    "providers.Provider.of_every_hotline",
}
# Where such a manager, or Django's own below every model, is used.
UNSCOPED_IN = {
    "capacity/certificates/queries.py",
    "administration/handing.py",
    "administration/queries.py",
    "administration/services/handing_over.py",
    "backup/hotline/lost.py",  # what no table has of one hotline, with the hotline as a condition
    "backup/hotline/rows.py",  # one hotline moved whole: every table, with the hotline as a condition
    "backup/hotline/mending.py",  # one hotline put back: whether a number is there, and whose it is
    "backup/hotline/moving.py",
    "demo/bulk.py",
    "exchange/queries/peers.py",
    "hashbank/migrations/_filling.py",  # of every hotline, each for itself
    "hashbank/numbers.py",  # with the hotline as a condition of its own
    "intake/queries/handed.py",
    "hashbank/records/services/counting.py",  # the newest number of all, which tells nothing of anybody's
    "notices/queries/doors.py",
    "notices/queries/sent_since.py",  # whether a letter that left is known here at all
    "notices/services/forgetting.py",  # what was taken back, in mail about nothing, for all have one mailbox
    "notices/services/mail.py",
    "notices/services/sent_since.py",  # the domain of our newest Message-ID
    "oncall/queries/links.py",
    "oncall/queries/rotas.py",
    "providers/queries/providers.py",
    "sealing/belonging.py",  # whether anything sealed is left, of whatever hotline
    "sealing/queries.py",  # whether plain text is left, of whatever hotline
    "sealing/services.py",  # seals it
}
# SQL of our own asks by a hotline's number, or is about the database and no hotline's rows.
RAW_SQL_IN = {
    "audit/queries.py",  # the names of triggers
    "audit/services.py",  # the next row of a chain
    "audit/tree/planting.py",
    "backup/hotline/moving.py",  # the numbers of all tables
    "backup/services.py",  # the same
    "blocklist/queries/entries.py",
    "blocklist/services/adding.py",
    "casework/note_index.py",
    "casework/queries.py",
    "casework/queue/queries/saved_views.py",
    "casework/queue/services/references.py",  # the next number of a case
    "clocks/queries.py",
    "demo/bulk.py",
    "demo/fill.py",
    "hashbank/numbers.py",
    "hashbank/lists/services/bulk.py",
    "hashbank/migrations/_filling.py",
    "hosting/address_parts.py",
    "hosting/queries.py",
    "hosting/sharing.py",
    "jobs/erasing.py",
    "jobs/queries.py",
    "jobs/services.py",
    "jobs/tasks.py",
    "jobs/together.py",
    "notices/queries/lists.py",
    "providers/services/taking_in.py",  # inserts rows that were made ready before the database was locked
    "site/asking.py",  # how long to wait
    "site/first_tables/__init__.py",
    "site/database_disk.py",  # a temporary file, of no rows
    "site/apart/mirror.py",  # triggers that count, and copying rows as they are
    "site/reach.py",
    "site/rights.py",
    "site/start.py",
    "site/views.py",
    "spool/alone.py",  # a lock
    "spool/replaced.py",  # a number in the header of the file
    "spool/where.py",  # how long a lock of PostgreSQL is waited for
    "tables.py",
}
# Tables that no hotline owns alone, or (of `people`) that are asked before anybody knows whose they are.
OPEN_TABLES = {
    "audit.AuditCheckpoint", "audit.AuditCosignature", "audit.AuditHead", "audit.AuditRow", "audit.AuditTile", "audit.AuditTip", "audit.KeyPrint",
    "backup.LostTime", "backup.Restoration", "casework.SampledAssessment_readers",
    "installation.Change", "installation.Chosen", "installation.Trial", "jobs.ClockJump", "jobs.Job", "jobs.WorkerBeat", "languages.LanguageReview",
    "languages.ReviewedText", "languages.TextProposal", "laws.LawFile", "laws.LawRegister", "laws.LawRevision", "people.ApiToken",
    "notices.SentSince", "notices.SentSource",
    "people.Helpline", "people.Hotline", "people.Invitation", "people.OutsideReview", "people.Portal", "people.PortalChange", "people.Recording",
    "people.RoleGrant",
    "people.SecondFactorReset",
    "people.User",
    "sealing.DataKey", "sealing.OlderWords", "sealing.WordsKey", "sealing.WordsStore",
    "publishing.StopCount", "publishing.Subscriber_lists", "site.Outside", "site.SentAlarm", "spool.Arrival", "spool.Card",
    "spool.Emptied", "spool.Mark", "spool.Taken",
    "web_security.Bucket",
    "web_security.UsedKey", "witnessing.Contradiction", "witnessing.WatchedLog", "witnessing.Witness",
}  # fmt: skip


def _named(path: Path) -> set[str]:
    """Every name and attribute that a module speaks of, under whatever name it imports it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return (
        {node.id for node in nodes if isinstance(node, ast.Name)}
        | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        | {alias.name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    )


def _files_with(*names: str) -> set[str]:
    inside = ROOT / "src/leeward"
    return {
        str(path.relative_to(inside))
        for path in SOURCES
        if path.name != "models.py" and "models" not in path.parent.parts and _named(path) & set(names)
    }


STANDARD = {
    "__init__", "models", "services", "queries", "views", "forms", "tables", "urls", "desk_urls", "api", "tasks", "errors", "checks", "apps",
    "labels", "portable",
}  # fmt: skip
FLAT = {
    "cli",
    "demo",
    "foundation",
    "matching",
    "site",
}  # a command a file, a server a file, a piece a file, a kernel a file


MOST_MODULES = 8


def test_a_slice_has_a_small_root() -> None:
    """At most eight modules beside the standard files; more want rooms of their own."""
    roots = [path for path in (ROOT / "src/leeward").iterdir() if path.is_dir() and path.name not in FLAT]
    rooms = [ROOT / "src/leeward" / name for name in ROOMS]
    odd = {
        str(root.relative_to(ROOT / "src/leeward")): len({path.stem for path in root.glob("*.py")} - STANDARD)
        for root in (*roots, *rooms)
    }
    assert {name: count for name, count in odd.items() if count > MOST_MODULES} == {}


def _is_module(package: str, name: str) -> bool:
    return inspect.ismodule(getattr(importlib.import_module(package), name, None))


def test_a_module_has_one_name() -> None:
    """Its own, or after `as` its package's and its own (`hosting_queries`; of rules `budget_rules`): whoever searches for one finds all."""
    renames, wrong = re.compile(r"^(\s*from leeward\S* import .*|\s+\w+) as \w+\b", re.MULTILINE), []
    for path in (*SOURCES, *TESTS):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if renames.search(text) else ():
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("leeward."):
                continue
            package = (node.module or "").rpartition(".")[2]
            for name, alias in ((one.name, one.asname) for one in node.names):
                wanted = f"{name}_rules" if package == "rules" else f"{package}_{name}"
                if alias not in (None, wanted) and _is_module(node.module or "", name):
                    wrong.append(f"{path.relative_to(ROOT)}: {node.module}.{name} as {alias} (write {wanted})")
    assert wrong == []


def test_walls_between_hotlines_are_opened_only_where_named() -> None:
    assert {name for name in _files_with("scopes_disabled") if name.split("/")[0] not in MAY_CROSS} == set()
    assert _files_with("of_every_hotline", "_base_manager") == UNSCOPED_IN
    raw = re.compile(r"\.cursor\(\)|\.objects\.raw\(|\bRawSQL\b")
    inside = ROOT / "src/leeward"
    assert {
        str(path.relative_to(inside)) for path in SOURCES if raw.search(path.read_text(encoding="utf-8"))
    } == RAW_SQL_IN


def test_every_table_of_a_hotline_is_behind_the_wall() -> None:
    """Whatever manager a model has, by whatever name: it raises outside of a hotline's scope, or it is named above."""
    from django.apps import apps
    from django_scopes import ScopeError

    unscoped, open_tables = set(), set()
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("leeward."):
            continue
        for manager in model._meta.managers:
            try:
                manager.all()
            except ScopeError:
                continue
            if manager is model._meta.default_manager:
                open_tables.add(model._meta.label)
            else:
                unscoped.add(f"{model._meta.label}.{manager.name}")
    assert open_tables == OPEN_TABLES
    assert unscoped == UNSCOPED


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
    nobody = {
        "github.io",
        "co.uk",
        "example.com",
        "docs.oasis-open.org",
        "www.w3.org",
        "www.openarchives.org",
        "purl.imsglobal.org",
        "purl.org",
        "schema.org",
        "jsonfeed.org",
        "hashsharing.ncmec.org",
        "github.com",
    }
    from leeward.hosting.rules.naming.known_services import SERVICES

    # Services whose links people paste: what is tested is that such a link is never fetched.
    theirs = tuple({link.split("/")[0] for one in SERVICES for link in (*one.people, *one.groups)})
    found = []
    for path in TESTS:
        for match in re.finditer(r"https?://([^/\s\"'<>)\\]+)", path.read_text(encoding="utf-8")):
            host = match.group(1)
            if not allowed.search(host.lower()) and "." in host and host not in nobody and not host.endswith(theirs):
                found.append(f"{path.relative_to(ROOT)}: {host}")
    assert found == []


def test_log_events_are_noun_past_verb_everywhere() -> None:
    named = re.compile(r"record(?:_all)?\(\s*\"([^\"]+)\"")
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


def test_what_is_asked_knows_no_request_and_no_page() -> None:
    """That is for views, and for `web_security` where several slices need it."""
    found = {
        "/".join(path.relative_to(ROOT / "src/leeward").parts)
        for path in SOURCES
        if "queries" in path.with_suffix("").parts and "from django.http" in path.read_text(encoding="utf-8")
    }
    assert found == {"hashbank/uploads/queries.py"}, "which reads what was sent with a request"


def test_one_place_says_how_long_sqlites_lock_is_waited_for() -> None:
    inside = ROOT / "src/leeward"
    found = {str(path.relative_to(inside)) for path in SOURCES if "busy_timeout" in path.read_text(encoding="utf-8")}
    assert found == {"tables.py", "site/settings.py"}
