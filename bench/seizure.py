"""A seizure: rows of a million files asked of a bank of a million records over HTTP, sorted, with files that look alike in groups.

A whole installation (`leeward setup`, `bank import`, `token issue`, `serve`) and `leeward bank triage` as an officer runs it, all
on this machine. LEEWARD_BENCH_SEIZURE (default 1000000) says how many records and how many files; 1,000,000 takes half an hour.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.installed import command, served, set_up

COUNT = int(os.environ.get("LEEWARD_BENCH_SEIZURE", "1000000"))
KNOWN, NEAR, HARMLESS, SERIES = 0.05, 0.03, 0.02, 0.20
"""Shares of the seizure: files of the bank, pictures that look like some of it, known look-alikes, series of 2 to 50 unknown ones."""
HARMLESS_OF_BANK = 0.1


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a command took: by the clock, of the processor, and of memory at its peak."""

    seconds: float
    processor: float
    peak_mb: int

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s ({self.processor:.0f} s of processor time), memory {self.peak_mb} MB at its peak"


def run() -> Iterator[str]:
    """Print what was measured."""
    with tempfile.TemporaryDirectory(prefix="leeward-bench-seizure-") as name:
        folder = Path(name)
        environment = set_up(folder)
        _import(environment, folder)
        key = command(environment, *"leeward token issue Bench --scope police --agency Harbour".split()).split()[-1]
        rows, expected = folder / "seizure.jsonl", _write_seizure(folder / "seizure.jsonl")
        with served(environment) as port:
            before, _ = _served_with()
            spent = _triage(environment | {"LEEWARD_TOKEN": key}, port, rows, folder / "sorted.jsonl")
            after, memory = _served_with()
            yield f"{COUNT:,} files against {COUNT:,} records: {spent}, {COUNT / spent.seconds:,.0f} files/s"
            yield f"  the server meanwhile: {after - before:.0f} s of processor time, memory {memory} MB"
        yield from _judged(folder / "sorted.jsonl", expected)


def _import(environment: Mapping[str, str], folder: Path) -> None:
    harmless = int(COUNT * HARMLESS_OF_BANK)
    for name, places, more in (
        ("known", range(harmless, COUNT), ("--fact", "act=posing", "--fact", "medium=photograph")),
        ("alike", range(harmless), ("--harmless",)),
    ):
        path = folder / f"{name}.csv"
        with path.open("w") as out:
            out.write("md5,sha1,pdq,quality\n")
            for place in places:
                out.write(f"{_of(place, 16)},{_of(place, 20)},{_of(place, 32)},90\n")
        command(environment, "leeward", "bank", "import", str(path), "--source", "One", "--bank", name, *more)
        path.unlink()


def _of(place: int, size: int) -> str:
    return Random(f"{size} {place}").randbytes(size).hex()


def _bits_off(code: str, bits: int) -> str:
    return f"{int(code, 16) ^ ((1 << bits) - 1):064x}"


def _write_seizure(path: Path) -> Counter[str]:
    """Write rows as `leeward hash --json` prints them, in no order; return how many belong in each section."""
    chance = Random(7)
    expected: Counter[str] = Counter()
    harmless = int(COUNT * HARMLESS_OF_BANK)
    kinds = [
        name
        for name, share in (("known", KNOWN), ("near", NEAR), ("harmless", HARMLESS))
        for _ in range(int(COUNT * share))
    ]
    codes: list[tuple[str, str]] = []
    while len(codes) < COUNT * SERIES:
        code = chance.randbytes(32).hex()
        codes += [("unknown", _bits_off(code, chance.randrange(12))) for _ in range(chance.randrange(2, 51))]
    rows = [(name, "") for name in kinds] + codes
    rows = (rows + [("unknown", "")] * (COUNT - len(rows)))[:COUNT]
    chance.shuffle(rows)
    with path.open("w") as out:
        for number, (name, given) in enumerate(rows):
            expected[name] += 1
            own, code = -1 - number, given
            if name == "harmless":
                own = chance.randrange(harmless)
            elif name == "known":
                own = chance.randrange(harmless, COUNT)
            elif name == "near":
                code = _bits_off(_of(chance.randrange(harmless, COUNT), 32), 1 + chance.randrange(24))
            row = {
                "path": f"seized/{number % 997}/{number}.jpg", "size": 2_000_000 + number, "md5": _of(own, 16), "sha1": _of(own, 20),
                "sha256": f"{Random(f's {number}').getrandbits(256):064x}", "pdq": code or _of(own, 32), "quality": 90, "error": None,
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")
    return expected


def _triage(environment: Mapping[str, str], port: int, rows: Path, out: Path) -> _Spent:
    words = [sys.executable, "-m", "leeward", "bank", "triage", str(rows), "--url", f"http://127.0.0.1:{port}"]
    words += ["--reference", "HP-2026-7", "--out", str(out)]
    started = time.monotonic()
    process = subprocess.Popen(words, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 1:
        raise RuntimeError("the triage did not end as it should")
    return _Spent(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss >> 10)


def _served_with() -> tuple[float, int]:
    """Return processor time and memory (peaks added) of our children and theirs: those that serve."""
    seconds, peak = 0.0, 0
    ours = {os.getpid()}
    for entry in sorted(
        (path for path in Path("/proc").iterdir() if path.name.isdigit()), key=lambda path: int(path.name)
    ):
        try:
            facts = (entry / "stat").read_text().rpartition(")")[2].split()
            status = (entry / "status").read_text()
        except OSError:
            continue
        if int(facts[1]) in ours:
            ours.add(int(entry.name))
            seconds += (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
            peak += next((int(line.split()[1]) >> 10 for line in status.splitlines() if line.startswith("VmHWM")), 0)
    return seconds, peak


def _judged(path: Path, expected: Counter[str]) -> Iterator[str]:
    sections: list[str] = []
    grouped: Counter[int] = Counter()
    with path.open() as stream:
        for line in stream:
            row = json.loads(line)
            sections.append(row["section"])
            grouped[row.get("group", 0)] += 1
    counts = Counter(sections)
    order = ["known", "near", "unknown", "harmless", "unreadable"]
    is_sorted = sections == sorted(sections, key=order.index)
    alone = grouped.pop(0, 0)
    yield f"  {dict(counts)}, {'as expected' if counts == expected else f'expected {dict(expected)}'}; sorted: {is_sorted}"
    yield f"  {len(grouped):,} groups of {COUNT - alone:,} files that look alike, the largest of {max(grouped.values(), default=0)}"
