"""`python -m shipping package|bill|audit`: make what is handed to others, into `dist/`."""

import argparse
import subprocess
import sys
from pathlib import Path

from shipping import bill, debian, wheels
from shipping.licences import unjudged

ROOT = Path(__file__).parents[1]


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 good, 1 something was found."""
    reader = argparse.ArgumentParser(prog="python -m shipping", description=__doc__)
    reader.add_argument("what", choices=["package", "bill", "audit"])
    reader.add_argument("--out", type=Path, default=ROOT / "dist")
    reader.add_argument(
        "--revision", type=int, default=1, help="of the Debian package, when the same version is packed again"
    )
    chosen = reader.parse_args(words)
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.what == "audit":
        return wheels.audit(ROOT)
    missing = unjudged(ROOT)
    if missing:
        print("Nobody has judged these licences (shipping/licences.toml):", *missing, sep="\n  ")
        return 1
    made = [bill.write(ROOT, chosen.out)]
    if chosen.what == "package":
        made += wheels.build(ROOT, chosen.out)
        made.append(debian.build(ROOT, chosen.out, wheel=made[-1], bill=made[0], revision=chosen.revision))
    for path in made:
        print(f"{wheels.digest(path)}  {path}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} ended with {error.returncode}; its words are above.")
