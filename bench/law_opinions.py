"""Opinions: 1,000 sets of facts against 60 jurisdictions, all of them with recorded law."""

import random
import time
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice

from leeward.laws.register import packaged_register
from leeward.laws.rules.facts import MEDIA, Facts, parse_facts
from leeward.laws.rules.legality import opinion

_FACTS, _LAWS = 1_000, 60


def _facts(chance: random.Random) -> Facts:
    return parse_facts(
        {
            "real_person": chance.choice(("yes", "no", "unknown")),
            "apparent_age": chance.choice((None, 3, 8, 14, 17, 25)),
            "medium": chance.choice(MEDIA),
            "sap_level": chance.choice((None, "none", 1, 2, 3, 4, 5)),
        }
    )


def run() -> Iterator[str]:
    """Load the register, then give all opinions once."""
    started = time.perf_counter()
    laws = packaged_register()
    yield f"{len(laws.files)} files read, checked and compiled in {time.perf_counter() - started:.2f} s"
    recorded = list(islice(cycle(law for law in laws.compiled.values() if law.is_recorded), _LAWS))
    chance = random.Random(2013)
    facts = [_facts(chance) for _ in range(_FACTS)]
    on = date(2026, 11, 24)
    started = time.perf_counter()
    count = sum(bool(opinion(one, law, on).verdict) for one in facts for law in recorded)
    seconds = time.perf_counter() - started
    yield f"{count} opinions in {seconds:.2f} s ({seconds / count * 1e6:.1f} µs each)"
