"""The test record: a generated picture with which a client can check its whole chain from picture to answer."""

from importlib.resources import files

from leeward.foundation.actor import Actor
from leeward.hashbank.records.services.recording import add_record
from leeward.hashbank.rules.kinds import Hash, read_hash
from leeward.matching.hashing import hash_bytes

TEST_BANK = "test"
_DIGESTS = ("md5", "sha1", "sha256", "ed2k", "aich", "tth", "bt2")


def proof_picture() -> bytes:
    """Return the picture: a generated PNG of coloured discs."""
    return (files("leeward.hashbank") / "data" / "test-record.png").read_bytes()


def keep_test_record(*, actor: Actor) -> int:
    """Add the test record, in its own bank and without facts, so that it is found but decides nothing; return its id."""
    found = hash_bytes(proof_picture(), exact=True, isolated=True)
    row = found.as_dict()
    hashes = [read_hash(kind, str(row[kind])) for kind in _DIGESTS]
    for kind, code in (("pdq", found.pdq), ("pdq_nn512", found.pdq_nn512)):
        if code is not None:
            hashes.append(Hash(kind, code.code, code.quality))
    return add_record(hashes, bank=TEST_BANK, label="test record", actor=actor)
