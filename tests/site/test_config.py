"""Settings: from the environment, secrets from files, and nothing quietly ignored."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from leeward.backup.errors import NotRestored
from leeward.backup.rules.choosing import RESTORING
from leeward.foundation.errors import BadInput
from leeward.site.config import Config
from leeward.site.secret_file import make_secret
from tests import commands


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LEEWARD_SECRET", raising=False)
    monkeypatch.setenv("LEEWARD_DATA", str(tmp_path))


def test_a_secret_comes_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from the file\n")
    monkeypatch.setenv("LEEWARD_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    assert Config().smtp_password == "from the file"


def test_a_secret_file_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEEWARD_SMTP_PASSWORD_FILE", "/nowhere/at/all")
    with pytest.raises(BadInput, match="LEEWARD_SMTP_PASSWORD_FILE"):
        Config()


@pytest.mark.parametrize(
    ("name", "value"), [("PACE", "0.5"), ("SMTP_PORT", "99999"), ("DEMONSTRATION", "perhaps"), ("CHECK_MISSES", "0")]
)
def test_values_that_make_no_sense_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LEEWARD_{name}", value)
    with pytest.raises(ValidationError):
        Config()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("report.x.example,other.example", ("report.x.example", "other.example")),
        (" report.x.example , ", ("report.x.example",)),
        ('["report.x.example", "other.example"]', ("report.x.example", "other.example")),
        ("", ()),
    ],
)
def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, given: str, read: tuple[str, ...]) -> None:
    monkeypatch.setenv("LEEWARD_HOSTS", given)
    assert Config().hosts == read


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HOSTS", "http://report.x.example", "'http://report.x.example' is not a host name"),
        ("HOSTS", '["report.x.example"', "write a list with commas between its parts"),
        ("HOSTS", "report.x.example:8470", "without a port"),
        ("FETCH_ALLOWED_NETWORKS", "here", "does not appear to be an IPv4 or IPv6 network"),
        ("PACE", "fast", "valid number"),
    ],
)
def test_a_bad_value_is_one_sentence_and_no_traceback(tmp_path: Path, name: str, value: str, said: str) -> None:
    environment = {key: kept for key, kept in os.environ.items() if not key.startswith("LEEWARD_")}
    environment |= {"LEEWARD_DATA": str(tmp_path), f"LEEWARD_{name}": value}
    run = commands.leeward("doctor", environment=environment)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"leeward: LEEWARD_{name} can't be read: "), run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) <= 2


def test_the_installations_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = Config().secret_bytes
    assert len(first) >= 48
    assert Config().secret_bytes == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_every_setting_has_a_sentence() -> None:
    assert [name for name, field in Config.model_fields.items() if not (field.description or "").endswith(".")] == []


def test_a_secret_that_comes_along_is_taken_only_where_none_was(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "new")
    make_secret(config, "a" * 64)
    make_secret(config, "b" * 64)
    assert config.secret_bytes == b"a" * 64
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600
    (tmp_path / "audit.key").touch()
    make_secret(Config(data=tmp_path), "a" * 64)
    assert not (tmp_path / "secret").exists(), "something was made with a secret that is missing"


@pytest.mark.parametrize("damaged", [b"", b"too short", b"\xff" * 40])
def test_a_damaged_secret_is_set_aside_by_whoever_accepts_a_new_one(tmp_path: Path, damaged: bytes) -> None:
    path, config = tmp_path / "secret", Config(data=tmp_path)
    path.write_bytes(damaged)
    make_secret(config, "a" * 64)
    assert path.read_bytes() == damaged, "one that comes along replaces none"
    make_secret(config)
    made = config.secret_bytes
    assert len(made) >= 48
    assert (tmp_path / "secret.damaged").read_bytes() == damaged
    make_secret(config)
    assert config.secret_bytes == made


@pytest.mark.parametrize("moved", [(), ("audit.key",), ("audit.key", "leeward.sqlite3")])
def test_where_a_restoring_was_cut_off_no_secret_is_missing_and_none_is_made(
    moved: tuple[str, ...], tmp_path: Path
) -> None:
    for name in moved:
        (tmp_path / name).touch()
    (tmp_path / f"{RESTORING}k1ll3d").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NotRestored, match="is of a restoring that was cut off"):
        _ = Config(data=tmp_path, secret="").secret_bytes
    assert sorted(tmp_path.iterdir()) == before
