"""`python -m tests.chaos [--seed N] [--faults N] [--minutes N] [--only KIND,KIND] [--house HOUSE]`: see docs/how-to/chaos.md."""

import argparse
import random
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.run import Chaos
from tests.chaos.schedule import ALL, APART, schedule

HOUSES = ("whole", "apart")


def main() -> int:
    """Run it; return 0 if everything held, 1 if something was violated."""
    asked = _asked()
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    kinds = [kind.strip() for kind in asked.only.split(",")] if asked.only else None
    if unknown := set(kinds or ()) - set(ALL):
        print(f"There is no fault {', '.join(sorted(unknown))}. There are: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    is_apart = (asked.house or random.Random(f"house {seed}").choice(HOUSES)) == "apart"
    if kinds is None:
        kinds = [kind for kind in ALL if is_apart or kind not in APART]
    elif set(kinds) & set(APART):
        is_apart = True
    folder = Path(tempfile.mkdtemp(prefix="leeward-chaos-"))
    print(f"seed {seed}, {asked.faults} faults, {'three faces apart' if is_apart else 'one face'}", flush=True)
    chaos = Chaos(folder, seed, schedule(seed, asked.faults, kinds), _say, asked.minutes, is_apart)
    found = chaos.run()
    for line, count in chaos.record.left_out.items():
        print(f"left out {count} times: {line}")
    print(f"{chaos.record.faults.total()} faults of {len(chaos.record.faults)} kinds; seed {seed}")
    for name, violations in found.items():
        print(f"{'VIOLATED' if violations else 'holds':9} {name}")
        for violation in violations[:20]:
            print(f"          {violation}")
    if any(found.values()):
        print(f"What the installation said is in {folder / 'serve.log'}, its data in {folder / 'kept'}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make chaos", description="Break an installation by chance while people use it."
    )
    parser.add_argument(
        "--seed", type=int, help="the same seed gives the same faults in the same order; chosen without it"
    )
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--minutes", type=float, help="no new fault after so many minutes")
    parser.add_argument("--only", default="", help="kinds of faults, with commas between")
    parser.add_argument(
        "--house", choices=HOUSES, help="one face, or three of them apart; chosen by the seed without it"
    )
    return parser.parse_args()


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
