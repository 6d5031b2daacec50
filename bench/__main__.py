"""Run every measurement and print ratios: python -m bench [NAME ...]

A bench is a module of this package (or of a folder in it) with `run() -> Iterator[Row]`; peers are measured in the same run.
"""

import sys
import time
from importlib import import_module
from pkgutil import walk_packages

import bench


def names() -> list[str]:
    """Every bench there is."""
    found = [module.name for module in walk_packages(bench.__path__, "bench.") if not module.ispkg]
    found = [name for name in found if not name.startswith("bench.load.")]  # a command of its own
    return sorted(name for name in found if hasattr(import_module(name), "run"))


def main() -> int:
    """Run the benches whose name contains one of the arguments, or all."""
    wanted = sys.argv[1:]
    for name in names():
        if wanted and not any(word in name for word in wanted):
            continue
        print(f"\n== {name.removeprefix('bench.')}: {(import_module(name).__doc__ or '').splitlines()[0]}", flush=True)
        started = time.monotonic()
        for line in import_module(name).run():
            print(f"  {line}", flush=True)
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
