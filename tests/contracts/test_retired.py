"""The check for retired words finds one in code, in a template's tags and in an English text, and only where it is retired."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def retired():
    """The tool, which is no package."""
    spec = importlib.util.spec_from_file_location("retired_tool", ROOT / "tools" / "retired.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def words(retired, tmp_path: Path):
    path = tmp_path / "words.toml"
    path.write_text(
        '[[word]]\nnames = ["Grace", "*first_glance*"]\ninstead = "PendingAction"\n'
        '[[word]]\nnames = ["glance"]\nonly = ["casework"]\nnot = ["casework/old.py"]\ninstead = "assessment"\n'
        '[[word]]\ntexts = ["second glance"]\ninstead = "second assessment"\n'
        '[[word]]\nnames = ["peeked_*"]\nkeep = ["peeked_at"]\ncode = true\ninstead = "seen"\n'
    )
    return retired.read_words(path)


@pytest.mark.parametrize(
    ("name", "text", "hits"),
    [
        ("casework/a.py", "def f(glance):\n    return glance\n", 2),
        ("casework/old.py", "glance = 1\n", 0),
        ("notices/a.py", "glance = 1\n", 0),
        ("notices/a.py", '# Grace\n"""glance, Grace"""\nx = "Grace"\n', 0),
        ("notices/a.py", "class Grace: ...\nmy_first_glance_at = 1\n", 2),
        ("notices/a.py", 'x = _("No Second glance is needed")\ny = "second glance"\n', 1),
        ("casework/t/a.html", "{{ glance.at }} glance {% if glance %}{% endif %}{% include 'glance.html' %}", 2),
        ("casework/t/a.html", '{% translate "A second glance" %}{% blocktranslate trimmed %}Second glance{% endblocktranslate %}', 2),
        ("casework/t/a.html", "<p>second glance</p>", 0),
        ("notices/a.py", "peeked_at = peeked_by\npeeked = 1\n", 1),
        ("casework/t/a.html", "{{ peeked_by }}", 0),
    ],
)  # fmt: skip
def test_a_retired_word_is_found_where_it_is_one(retired, words, name: str, text: str, hits: int) -> None:
    assert len(retired.problems_of(name, text, words)) == hits


def test_each_word_that_is_still_used_is_named_with_its_line(
    retired, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path
) -> None:
    """All of the source is looked through by `make check`."""
    (word, *_) = (
        word for word in retired.read_words(ROOT / "tools" / "retired_words.toml") if word.names and not word.only
    )
    name = word.names[0].strip("*_")
    monkeypatch.setattr(sys, "argv", ["retired.py", str(tmp_path)])
    (tmp_path / "a.py").write_text("kept = 1\n")
    assert retired.main() == 0
    (tmp_path / "b.py").write_text(f"kept = 1\n{name} = 2\n")
    assert retired.main() == 1
    assert capsys.readouterr().out.strip().startswith(f"b.py:2: {name} ")
