"""`python -m tests.fuzz --seconds 600`: every parser and decoder, with damaged input, until the time is over."""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections import Counter

os.environ.setdefault("LEEWARD_DATA", tempfile.mkdtemp(prefix="leeward-fuzz-"))
os.environ.setdefault("LEEWARD_SECRET", "damaged input needs no secret")

from leeward.site.start import start


def main() -> int:
    """Feed until the time is over; print each fault once, and how often each was fed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600.0)
    options.add_argument("--seed", type=int, default=None, help="of the first round; printed at the end")
    given = options.parse_args()
    start()
    from leeward.foundation.sandbox import Pool
    from tests.fuzz import running

    first = given.seed if given.seed is not None else int.from_bytes(os.urandom(4))
    until, fed, faults, pool = time.monotonic() + given.seconds, Counter[str](), set[tuple[str, str]](), Pool()
    before = 0.0
    for who, fault in running.everything(itertools.count(first), pool):
        fed[who] += running.A_TURN
        before = before or running.peak_megabytes()
        if fault is not None and (fault.who, fault.what) not in faults:
            faults.add((fault.who, fault.what))
            print(f"{fault.who}: {fault.what}, given {repr(fault.given)[:2000]}", flush=True)
        if time.monotonic() > until:
            break
    grown = running.peak_megabytes() - before
    print(f"{sum(fed.values())} inputs for {len(fed)} parsers and decoders from seed {first}: {len(faults)} faults.")
    print(f"The peak of memory grew by {grown:.0f} MB.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
