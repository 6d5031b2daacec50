"""The public face has a key of its own in place of the installation's secret, and receipts from before still open."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leeward.audit.errors import KeyUnusable
from leeward.audit.fingerprints import PUBLIC as KEY
from leeward.audit.fingerprints import SECRET, accept, fingerprint_now, problems
from leeward.foundation.actor import SYSTEM
from leeward.intake.rules.receipt import receipt_hash_before
from leeward.site.config import Config
from leeward.site.faces import PUBLIC
from leeward.site.public_key import NAME, derived, parts, write
from leeward.site.start import settle_keys

OURS = "a secret of this test alone"
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_receipts_given_out_before_there_was_this_key_stay_good() -> None:
    own, salt = parts(derived(b"secret"))
    kept = "38358e4f460df93f223771aa453042b77b0a3afc28795328cc2df70434cfa7e6"  # as in tests/intake/rules
    assert receipt_hash_before(salt, "1234567890123456") == kept
    assert own.hex() == "348cb46ffcad4df9d4ee4e1db395446769ccd73bd0ed4b6538218478624c54f8"


@pytest.mark.django_db
def test_a_start_makes_the_key_wherever_it_is_not_as_it_should_be(settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = Config(data=tmp_path, secret=OURS)
    path = tmp_path / NAME
    for content in (None, b"", b"x" * 64):
        path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
        settle_keys()
        assert path.read_bytes() == derived(OURS.encode())
        assert path.stat().st_mode & 0o777 == 0o600
        if content is None:
            path.chmod(0o600)


@pytest.mark.django_db
def test_the_face_starts_with_the_key_of_this_database_only(settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = Config(data=tmp_path, secret=OURS)
    settle_keys()

    def wrong() -> list[str]:
        settings.LEEWARD = Config(data=tmp_path, face=PUBLIC, secret="")
        return [str(found.text) for found in problems((KEY,))]

    assert wrong() == []
    with pytest.raises(KeyUnusable, match="not for the public face"):
        _ = settings.LEEWARD.secret_bytes
    write(tmp_path / NAME, derived(b"another secret of another house"))
    assert wrong() == ["public.key is not the one that this database was made with."]
    (tmp_path / NAME).write_bytes(b"short")
    assert wrong() == ["public.key is damaged."]
    (tmp_path / NAME).unlink()
    assert wrong() == ["public.key is missing."]
    settings.LEEWARD = Config(data=tmp_path, secret="another secret, accepted by a person")
    accept(SECRET, shown=fingerprint_now(SECRET), actor=SYSTEM, now=NOW)
    settle_keys()
    assert wrong() == [], "with another secret the face’s key is another one, too"
