"""Makes an installation whose bank finds pictures among many codes: python -m bench.check_world CODES.npy (prints a key).

The codes stand in the index only, as they would after a merge; one record is whole, so that some answers are matches.
"""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np

from leeward.matching.hashing import hash_stream
from leeward.matching.index import Bank, Index

FIRST_ID = 1_000_000_000


def main(codes: Path, picture: Path) -> None:
    """Fill the installation in LEEWARD_DATA and print a key with the scope `check`."""
    from leeward.site.start import prepare_database, start

    start()
    prepare_database()
    from django_scopes import scope

    from leeward.foundation.actor import Actor
    from leeward.hashbank.models import RecordHash
    from leeward.hashbank.records import live
    from leeward.hashbank.rules.kinds import Hash
    from leeward.hashbank.services import add_record
    from leeward.people.queries import hotlines
    from leeward.people.services.tokens import issue_token

    [hotline] = hotlines()
    actor = Actor("command", hotline_id=hotline.id)
    found = hash_stream(BytesIO(picture.read_bytes()), exact=True)
    assert found.digests
    assert found.digests.sha256
    assert found.pdq
    with scope(hotline=hotline.id):
        add_record([Hash("sha256", bytes.fromhex(found.digests.sha256)), Hash("pdq", found.pdq.code, 100)], actor=actor)
        banks = live.index_here().banks
        [own] = RecordHash.objects.filter(kind__in=live.LIKENESS_NUMBERS).values_list("id", flat=True)
    many = np.load(codes, mmap_mode="r")
    array = np.concatenate([many, np.frombuffer(found.pdq.code, np.uint8)[None]])
    ids = np.append(np.arange(len(many), dtype=np.uint64) + FIRST_ID, np.uint64(own))
    Index.build(live.index_path(hotline.id), array, ids=ids, banks=banks or [Bank(0, "general")])
    print(issue_token(name="bench", scopes=("check",), actor=actor, hotline_id=hotline.id))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
