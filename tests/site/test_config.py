"""Settings: from the environment, secrets from files, and nothing quietly ignored."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from leeward.ground.errors import BadInput
from leeward.site.config import Config


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


def test_the_installations_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = Config().secret_bytes
    assert len(first) >= 48
    assert Config().secret_bytes == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_every_setting_has_a_sentence() -> None:
    assert [name for name, field in Config.model_fields.items() if not (field.description or "").endswith(".")] == []
