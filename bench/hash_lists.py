"""Hash lists: a million entries come in, go out, and are looked up; on the machine's own disk, SQLite as installed."""

import base64
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leeward.foundation.actor import Actor

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))


def run() -> Iterator[str]:
    """Bring in a CSV of MD5, SHA-1 and PDQ and a VICS file, look up, sign a version, write it out."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "LEEWARD_DATA": folder,
            "LEEWARD_SECRET": "a bench needs no secret, only a long one",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        os.environ.pop("LEEWARD_DATABASE_URL", None)
        hotline_id, actor = _installation()
        from django_scopes import scope

        with scope(hotline=hotline_id):
            yield from _measured(Path(folder), actor)


def _installation() -> "tuple[int, Actor]":
    import django

    django.setup()
    from django.core.management import call_command

    from leeward.foundation.actor import Actor
    from leeward.people.models import Hotline
    from leeward.site.own_file import may_be_made

    with may_be_made():
        call_command("migrate", verbosity=0)
    row = Hotline.objects.create(slug="jm", name="Hotline", country="JM", email="desk@hotline.example")
    return row.pk, Actor("command", hotline_id=row.pk)


def _measured(folder: Path, actor: "Actor") -> Iterator[str]:
    from leeward.hashbank.lists.services.importing import import_list, preview_import
    from leeward.hashbank.records import live
    from leeward.hashbank.rules.kinds import Hash

    table, vics = folder / "list.csv", folder / "list.json"
    _write_table(table)
    _write_vics(vics)
    yield f"{ENTRIES:,} entries: CSV {table.stat().st_size >> 20} MB, VICS {vics.stat().st_size >> 20} MB"
    for name, path, work in (
        ("preview of the CSV", table, lambda path: preview_import(path, source="One", actor=actor)),
        ("CSV (MD5, SHA-1, PDQ)", table, lambda path: import_list(path, source="One", actor=actor)),
        ("the same CSV again", table, lambda path: import_list(path, source="One", actor=actor)),
        ("VICS (MD5, SHA-1, PhotoDNA)", vics, lambda path: import_list(path, source="Two", actor=actor)),
    ):
        began, busy, before = time.monotonic(), time.process_time(), _peak_mb()
        done = work(path)
        seconds, busy = time.monotonic() - began, time.process_time() - busy
        told = f"{done.added:,} new, {done.joined:,} joined, {done.broken} broken"
        yield (
            f"{name}: {seconds:.1f} s ({busy:.1f} s of processor time), {ENTRIES / seconds:,.0f} entries/s, {told}; "
            f"peak memory {before} -> {_peak_mb()} MB"
        )
    began = time.monotonic()
    index = live.index_here()
    yield f"index of {len(index):,} picture hashes: {time.monotonic() - began:.1f} s; data {_size(folder) >> 20} MB"
    yield from _lookups(Hash)


def _lookups(make: Any) -> Iterator[str]:
    from leeward.hashbank.queries import known, known_many

    source = random.Random(7)
    places = [source.randrange(ENTRIES) for _ in range(300)]
    times, found = [], 0
    for place in places:
        asked = [make("md5", _bytes(place, 16)), make("pdq", _bytes(place, 32, "pdq"), 90)]
        began = time.perf_counter()
        found += bool(known(asked))
        times.append(time.perf_counter() - began)
    times.sort()
    yield (
        f"one file, known: median {statistics.median(times) * 1000:.1f} ms, p99 {times[-3] * 1000:.1f} ms; "
        f"{found} of {len(places)} found"
    )
    many = [[make("pdq", _bytes(place, 32, "pdq"), 90)] for place in range(5_000)]
    began = time.monotonic()
    answers = known_many(many)
    yield f"5,000 pictures at once: {time.monotonic() - began:.2f} s, {sum(map(bool, answers))} found"


def _bytes(place: int, count: int, salt: str = "") -> bytes:
    return random.Random(f"{salt}{place}").randbytes(count)


def _write_table(path: Path) -> None:
    with path.open("w") as out:
        out.write("md5,sha1,pdq,quality\n")
        for place in range(ENTRIES):
            digest = _bytes(place, 16).hex()
            out.write(f"{digest},{_bytes(place, 20, 'sha1').hex()},{_bytes(place, 32, 'pdq').hex()},90\n")


def _write_vics(path: Path) -> None:
    with path.open("w") as out:
        out.write('\ufeff{"@odata.context":"http://x.example/2.0.xml/US/$metadata#Media","value":[')
        for place in range(ENTRIES):
            photodna = base64.b64encode(_bytes(place, 144, "photodna")).decode()
            out.write(
                f'{"," if place else ""}\n{{"MediaID":{place},"Category":1,"MD5":"{_bytes(place, 16, "vics").hex().upper()}",'
                f'"SHA1":"{_bytes(place, 20, "vics").hex().upper()}","PhotoDNA":"{photodna}","MediaSize":12345,'
                f'"DateUpdated":"2025-01-02T03:04:05-05:00","IsPrecategorized":"false","VictimIdentified":"false"}}'
            )
        out.write("]}")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
