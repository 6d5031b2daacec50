"""Every text of a refusal that a page shows is one that translators get, and it is worded in the reader's language."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils.translation import override

import leeward
from leeward.foundation.errors import NotAllowed
from leeward.foundation.lazy_text import lazy_text_from, storable
from leeward.languages import overlay
from leeward.people.rules.permissions import may
from tests.languages.test_translating import own_overlay
from tests.personas import Cast

__all__ = ["own_overlay"]

SOURCE = Path(leeward.__file__).parent
# What only programs and whoever types commands read is English.
NO_PAGES = (
    *(
        "api/",
        "cli/",
        "demo/",
        "foundation/http/",
        "matching/",
        "scanning/",
        "site/",
        "audit/export.py",
        "awareness/harvesting.py",
        "capacity/moodle.py",
        "hosting/live.py",
        "hashbank/hma/",
    ),
    *(
        "blocklist/client",
        "blocklist/dns/",
        "blocklist/snapshot.py",
        "blocklist/squid_helper.py",
        "blocklist/rules/zone_",
    ),
    *("blocklist/rules/hash_list", "blocklist/rules/keyed.py", "blocklist/rules/rice.py", "blocklist/rules/search.py"),
    *("hashbank/police/client.py", "laws/rules/edition.py"),
    *(
        "audit/signer/",
        "audit/tree/",
        "witnessing/services.py",
    ),  # who runs a server reads them, and other logs’ programs
    *("backup/hotline/file.py", "backup/hotline/rows.py", "backup/hotline/moving.py", "backup/hotline/mending.py"),
    "administration/services/moving.py",
)
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
SAYS = {"what", "why", "reason", "sentence", "hint"}
# A word of a sentence: no name of a field, no option, no variable, no placeholder.
WORD = re.compile(r"(?<![\w.{-])[A-Za-z][a-z’']+(?![\w.}_-])")


def refusals(trees: dict[str, ast.Module]) -> set[str]:
    """The names of all classes that come from LeewardError, and of what makes refusals."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"LeewardError", "NotATable", "Broken", "no", "fail", "_fail"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def bare(node: ast.AST | None) -> Iterator[str]:
    """The texts in an expression that nobody marked."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{x}" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("str", "repr"):
        yield from bare(node.args[0])
    elif isinstance(node, ast.IfExp | ast.BinOp | ast.BoolOp):
        for part in ast.iter_child_nodes(node):
            yield from bare(part)


def unmarked(node: ast.AST, names: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
        yield from (text for argument in node.args for text in bare(argument) if " " in text)
        yield from (text for keyword in node.keywords if keyword.arg in SAYS for text in bare(keyword.value))
    if isinstance(node, ast.ClassDef) and node.name in names:
        for line in node.body:
            target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
            if isinstance(target, ast.Name) and target.id in SAYS:
                yield from bare(line.value)


def test_every_text_of_a_refusal_is_one_that_translators_get() -> None:
    """It is marked with a name that collecting knows, and in a class by one that is worded when it is shown."""
    trees = {str(path.relative_to(SOURCE)): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}
    shown = {
        path: tree for path, tree in trees.items() if not path.startswith(NO_PAGES) and not path.endswith("api.py")
    }
    names = refusals(trees)
    found = [
        f"{path}:{node.lineno} {text!r}"
        for path, tree in shown.items()
        for node in ast.walk(tree)
        for text in unmarked(node, names)
        if WORD.search(text)
    ]
    assert found == [], "\n".join(found)
    early = [
        path
        for path, tree in shown.items()
        if any(isinstance(node, ast.ClassDef) and node.name in names for node in ast.walk(tree))
        and re.search(r"^    (sentence|hint)\b.* = _\(", (SOURCE / path).read_text("utf-8"), re.MULTILINE)
        and "translation import gettext as _" in (SOURCE / path).read_text("utf-8")
    ]
    assert early == [], "worded when the module is loaded, in nobody's language"


@pytest.fixture
def french(tmp_path: Path) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    for english, said in {
        "This is not allowed: {reason}.": "Ce n’est pas permis : {reason}.",
        "it needs the role of %(role)s": "il y faut le rôle %(role)s",
        "%(one)s or %(other)s": "%(one)s ou %(other)s",
    }.items():
        catalogue.append(polib.POEntry(msgid=english, msgstr=said))
    place = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    catalogue.save_as_mofile(str(place / "django.mo"))
    (tmp_path / "locale" / "stamp").touch()
    overlay._Seen.next_poll = 0.0


@pytest.mark.django_db
@pytest.mark.usefixtures("french")
def test_a_refusal_by_role_is_in_the_language_of_the_page_and_to_programs_in_english(
    cast: Cast, client: Client
) -> None:
    from leeward.people.models import User

    client.force_login(User.objects.get(pk=cast["ana"].account_id))
    page = client.get("/desk/limits", headers={"Accept-Language": "fr"})
    assert page.status_code == 403
    said = "Ce n’est pas permis : il y faut le rôle Administrateur ou Superviseur."
    assert said in page.content.decode().replace("&#x27;", "'")
    decision = may(cast["ana"].actor, "limits.edit", cast.hotline_id)
    error = NotAllowed(reason=decision.reason)
    with override("fr"):
        assert error.text == said, "made before anybody knew in which language"
        assert str(lazy_text_from(json.loads(json.dumps(storable(error.lazy_text))))) == said, (
            "kept for whoever reads it later"
        )
    assert error.text == "This is not allowed: it needs the role of Administrator or Supervisor."
    program = client.get("/api/v1/feeds", headers={"Accept-Language": "fr"})
    assert program["Content-Language"] == "en"
