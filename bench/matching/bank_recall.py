"""Crops through the whole bank: files added as `leeward bank add` does, uploads checked as `POST /api/v1/check` does, on SQLite.

Debian's wallpapers, as in `recall` those alone that differ from each other: three of four are added to a bank that keeps windows, and cropped
copies are sent. Cropped copies of the fourth, which is not in the bank, show what is found by mistake. LEEWARD_BENCH_RECALL_PHOTOS says how
many are taken (default: all).
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from bench.hash_lists import _installation
from bench.matching.alterations import UNEVEN, upload
from bench.matching.recall import known_pictures

if TYPE_CHECKING:
    from leeward.foundation.actor import Actor

CROPS = {"crop 2.5 % a side": 1, "crop 5 % a side": 1, UNEVEN: 8, "crop 10 % a side": 1}
"""How often each picture is cropped so; more than once where each crop differs."""


def run() -> Iterator[str]:
    """Print what was found of each crop, of known pictures and of others."""
    with tempfile.TemporaryDirectory(prefix="leeward-bench-bank-") as name:
        os.environ |= {
            "LEEWARD_DATA": name,
            "LEEWARD_SECRET": "a bench needs no secret, only a long one",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        os.environ.pop("LEEWARD_DATABASE_URL", None)
        hotline_id, actor = _installation()
        from django_scopes import scope

        with scope(hotline=hotline_id):
            yield from _measured(Path(name), actor)


def _measured(folder: Path, actor: "Actor") -> Iterator[str]:
    from leeward.cli.bank_files import hashes_of_file
    from leeward.foundation.errors import BadInput
    from leeward.hashbank.models import Bank
    from leeward.hashbank.services import GENERAL, add_record, keep_bank
    from leeward.hashbank.uploads.services.checking import check_files

    keep_bank(actor=actor)
    Bank.objects.filter(name=GENERAL).update(keeps_windows=True)
    known: dict[int, Image.Image] = {}
    others: list[Image.Image] = []
    most = int(os.environ.get("LEEWARD_BENCH_RECALL_PHOTOS", "1000"))
    for place, one in enumerate(islice(known_pictures(), most)):
        if place % 4 == 3:
            others.append(one.picture)
            continue
        kept = folder / f"{place}.jpg"
        one.picture.save(kept, "JPEG", quality=90)
        try:
            hashes, windows, media = hashes_of_file(kept)
        except BadInput as error:
            yield f"left out: {error}"
            continue
        known[add_record(hashes, windows=windows, media=media, actor=actor)] = one.picture
        kept.unlink()
    yield f"{len(known)} pictures in the bank, {len(others)} that are not"
    for kind, (name, times) in enumerate(CROPS.items()):
        found, wrong, advices, whole = 0, 0, Counter[str](), 0
        for number, picture in known.items():
            before = found
            for draw in range(times):
                data = upload(picture, name, 1000 * number + 100 * draw + kind)
                (answer,) = check_files([data], subscriber="bench")
                found += answer.record == number
                wrong += answer.record not in (None, number)
                advices[f"{answer.match}, {answer.advice}"] += 1
            whole += found - before == times
        strangers = [
            check_files([upload(picture, name, 100 * draw + kind)], subscriber="bench")[0]
            for picture in others
            for draw in range(times)
        ]
        false, sent = sum(answer.record is not None for answer in strangers), times * len(known)
        yield (
            f"{name}: {found} of {sent} found ({found / max(sent, 1):.1%}), all of {whole} of {len(known)} pictures, "
            f"{wrong} as another; of the others {false} of {len(strangers)} taken for known; {dict(advices)}"
        )
