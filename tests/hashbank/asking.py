"""Keys of programmes outside, and real pictures in the bank."""

from io import BytesIO

from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record
from leeward.matching.hashing import hash_stream
from leeward.people.services.tokens import issue_token
from tests.hashbank.conftest import FACTS
from tests.matching.pictures import picture, saved
from tests.personas import Cast


def png(seed: int) -> bytes:
    return saved(picture(320, 240, seed), "PNG").getvalue()


def jpeg(seed: int) -> bytes:
    return saved(picture(320, 240, seed), "JPEG", quality=60).getvalue()


def key(cast: Cast, *scopes: str, agency: str = "", who: str = "adam") -> str:
    return issue_token(name="Harbour Host", scopes=scopes or ("check",), agency=agency, actor=cast[who].actor)


def with_key(key: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def put_in(cast: Cast, data: bytes, **more: object) -> int:
    """Add a picture to the bank of the open scope by all its hashes."""
    found = hash_stream(BytesIO(data), exact=True)
    assert found.digests
    assert found.pdq
    hashes = [Hash(kind, bytes.fromhex(getattr(found.digests, kind))) for kind in ("md5", "sha1", "sha256")]
    hashes.append(Hash("pdq", found.pdq.code, found.pdq.quality))
    return add_record(hashes, **({"actor": cast["ana"].actor, "facts": FACTS} | more))
