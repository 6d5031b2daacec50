"""`python -m leeward.demo.simulate SEED MESSAGES RUN`: play two hotlines in the installation of LEEWARD_DATA, from wherever an
earlier run was ended, and print how both stand at quiet. `leeward exchange simulate` runs it and kills it now and then."""

import json
import sys
import time
from dataclasses import asdict
from random import Random

from leeward.site.start import prepare_database, settle_keys, start

# Each run numbers its items in a range of its own.
A_RUN = 10_000_000


def play(seed: int, messages: int, run: int) -> None:
    """Let things happen by chance until so many messages were written, then print the outcome as one line of JSON."""
    start()
    prepare_database()
    settle_keys()
    from leeward.demo.hotlines import COMMAND, COUNTRY, TwoHotlines
    from leeward.people.queries import hotlines
    from leeward.people.services import open_hotline, open_portal

    for slug, country in (("here", "JM"), ("there", COUNTRY)):
        if all(row.slug != slug for row in hotlines()):
            number = open_hotline(slug=slug, name=slug, country=country, mode="assess", email="", actor=COMMAND)
            open_portal(
                number,
                slug=slug,
                actor=COMMAND,
                name=slug,
                country=country,
                languages=["en"],
                time_zone="UTC",
                working_days=[1, 2, 3, 4, 5],
            )
    known = {row.slug: row.id for row in hotlines()}
    two = TwoHotlines(known["here"], known["there"])
    two.meet()
    chance, begun = Random(f"{seed} {run}"), time.monotonic()
    print(json.dumps({"ready": run}), flush=True)
    written, number = two.written(), run * A_RUN
    while written < messages:
        number += 1
        written += two.turn(chance, number)
    outcome = two.quiet()
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(outcome) | {"is_good": outcome.is_good, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    play(*map(int, sys.argv[1:4]))
