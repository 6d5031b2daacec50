"""The documentation as a site: a page that can't be reached or a link that leads nowhere is a fault; released versions stand beside it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools import docs_site

LOGO = "src/leeward/web/static/leeward/logo.svg"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree with two pages, and one released version."""
    root = tmp_path / "source"
    for path in ("docs/conf.py", "docs/site.css", "pyproject.toml", LOGO):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(docs_site.ROOT / path, root / path)
    (root / "docs/index.md").write_text("# Here\n\n[Words](words.md#second)\n\n```{toctree}\nwords\nscreens\n```\n")
    (root / "docs/words.md").write_text("# Words\n\n## Second\n\nA harbour.\n")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"], ["tag", "v1.0"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    monkeypatch.setattr(docs_site, "ROOT", root)
    return root


@pytest.mark.slow
def test_a_site_has_its_versions_and_a_search(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source / "docs/words.md").write_text("# Words\n\n## Second\n\nA lagoon.\n")
    monkeypatch.setattr("sys.argv", ["docs_site.py", "--no-pictures", "--to", str(tmp_path / "site")])
    assert docs_site.main() == 0
    assert "v1.0/index.html" in (tmp_path / "site/index.html").read_text()
    assert "A lagoon." in (tmp_path / "site/latest/docs/words.html").read_text()
    assert "A harbour." in (tmp_path / "site/v1.0/docs/words.html").read_text()
    assert "lagoon" in (tmp_path / "site/latest/searchindex.js").read_text()


def test_what_leads_nowhere_is_a_fault(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (source / "docs/words.md").write_text(
        "# Words\n\n[Gone](gone.md)\n"
    )  # and without the heading that a page leads to
    (source / "docs/alone.md").write_text("# Alone\n")
    assert docs_site.build(docs_site.laid_out(source, tmp_path / "bad"), tmp_path / "site") == 1
    said = capsys.readouterr().out
    assert "'gone.md'" in said
    assert "words.md#second" in said or "'second'" in said
    assert "docs/alone.md: WARNING: document isn't included in any toctree" in said


KEEPS = """
import os
from pathlib import Path

def test_walk():
    for size in ("1280-light", "1280-dark", "320-light"):
        for name in {names}:
            Path(os.environ["PICTURES_OF_PAGES"], f"life-{{name}}-{{size}}.png").write_bytes(b"picture")
"""


def test_the_pictures_that_a_browser_test_keeps_are_shown_in_its_order(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs_site, "SHOWS", "walk.py")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # a walk of its own, which needs none
    (source / "pytest.ini").write_text("[pytest]\n")
    (source / "walk.py").write_text(KEEPS.format(names=["02-queue", "01-front", "10-case-waiting"]))
    docs_site.take_pictures(tmp_path / "docs" / "screens")
    page = (tmp_path / "docs/screens.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Front", "## Queue", "## Case waiting"]
    assert len(list((tmp_path / "docs/screens").iterdir())) == 6
    (source / "walk.py").write_text(KEEPS.format(names=[]))
    with pytest.raises(SystemExit, match="kept no picture"):
        docs_site.take_pictures(tmp_path / "other" / "screens")


def test_the_walk_is_a_test() -> None:
    """The name of a test that isn't there would end in a site without pictures."""
    name, _colon, test = docs_site.SHOWS.partition("::")
    text = (docs_site.ROOT / name).read_text(encoding="utf-8")
    assert f"def {test.partition('[')[0]}(" in text
    assert 'guest.keep(f"life-{self.passed' in text
