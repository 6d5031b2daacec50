"""A small list of harmless generated pictures to test with."""

import base64
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.matching.hashing import hash_stream
from leeward.matching.lists import ListBank, ListContent, Signer, write_list
from tests.matching.pictures import picture, saved

MADE_AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KNOWN, LOOK_ALIKE, PAUSED, CAREFUL = range(4)
BANKS = (
    ListBank(0, "confirmed"),
    ListBank(1, "look-alikes", harmless=True),
    ListBank(2, "paused", disabled_until=-1),
    ListBank(3, "careful", radius=4, known="review", near="allow"),
)


@cache
def png(seed: int) -> bytes:
    return saved(picture(320, 240, seed), "PNG").getvalue()


def jpeg(seed: int, quality: int = 60) -> bytes:
    """The same picture as another file."""
    return saved(picture(320, 240, seed), "JPEG", quality=quality).getvalue()


def signer(seed: int = 0) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return Signer(public, lambda text: base64.b64encode(key.sign(text)).decode())


def content(files: list[bytes], bank_of: list[int], **more: object) -> ListContent:
    """A list of these files, one row each, with MD5, SHA-256 and PDQ; `more` are columns in place of these or beside them."""
    hashed = [hash_stream(BytesIO(data), only=("md5", "sha256", "pdq"), exact=True) for data in files]
    rows = np.arange(len(files), dtype=np.uint32)

    def raw(kind: str, size: int) -> np.ndarray:
        return np.frombuffer(b"".join(bytes.fromhex(getattr(one.digests, kind)) for one in hashed), np.uint8).reshape(
            -1, size
        )

    looks = [(row, one.pdq.code) for row, one in enumerate(hashed) if one.pdq and one.pdq.is_usable]
    columns: dict[str, object] = {
        "records": rows.astype(np.uint64) + 100,
        "bank_of": np.array(bank_of, np.uint16),
        "classification_of": np.ones(len(files), np.uint16),
        "banks": BANKS,
        "classifications": ("", "A1"),
        "digests": {"md5": (raw("md5", 16), rows), "sha256": (raw("sha256", 32), rows)},
        "codes": np.frombuffer(b"".join(code for _, code in looks), np.uint8).reshape(-1, 32),
        "code_rows": np.array([row for row, _ in looks], np.uint32),
    }
    return ListContent(**(columns | more))


def written(
    folder: Path, files: list[bytes], bank_of: list[int], *, serial: int = 1, by: int = 0, **more: object
) -> Path:
    write_list(folder, content(files, bank_of, **more), name="test", serial=serial, made_at=MADE_AT, signer=signer(by))
    return folder
