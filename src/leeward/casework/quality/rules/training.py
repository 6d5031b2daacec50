"""The training set: abstract patterns, each with agreed facts given by a written key. Pure.

The patterns are lines, dots and shapes and depict nothing. They train the form itself: reading carefully,
distinguishing what one sees from what one assumes, and answering “can’t tell” when a sign is missing.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from leeward.casework.quality.rules.agreement import Kappa, Pair, kappa_of, pooled_kappa

SET = "2026-1"
ITEMS = range(1, 49)
ITEMS_IN_RUN = 24
PASSES_FROM = 0.8

# What each sign of a pattern means: fact, answer and sign. The last answer of each fact has no sign.
KEY: dict[str, dict[str, str]] = {
    "medium": {
        "photograph": "solid",
        "video": "double",
        "drawing": "dashed",
        "ai_generated": "dotted",
        "undetermined": "",
    },
    "age_band": {
        "0-2": "1",
        "3-6": "2",
        "7-10": "3",
        "11-13": "4",
        "14-15": "5",
        "16-17": "6",
        "adult": "7",
        "undetermined": "",
    },
    "sex": {"female": "lying", "male": "upright", "both": "crossed", "undetermined": ""},
    "act": {"uk_a": "triangle", "uk_b": "square", "uk_c": "circle", "none": "plus", "undetermined": ""},
    "real_person": {"yes": "filled", "no": "hollow", "unknown": ""},
    "self_generated": {"yes": "filled", "no": "hollow", "unknown": ""},
}
FACTS_TRAINED = tuple(KEY)


def agreed_facts(item: int) -> dict[str, str]:
    """Return the facts of a pattern according to the key."""
    facts = {name: _choice(item, name, tuple(answers)) for name, answers in KEY.items()}
    if facts["real_person"] == "no" and facts["self_generated"] == "yes":
        facts["self_generated"] = "no"  # nobody real has made anything
    return facts


def signs_of(item: int) -> dict[str, str]:
    """Return the signs that a pattern shows, by the fact that they stand for; a missing sign is empty."""
    return {name: KEY[name][answer] for name, answer in agreed_facts(item).items()}


def _choice(item: int, name: str, choices: Sequence[str]) -> str:
    digest = hashlib.sha256(f"leeward training {SET} {item} {name}".encode()).digest()
    return choices[int.from_bytes(digest[:4]) % len(choices)]


def items_of_run(run: int, secret: bytes) -> tuple[int, ...]:
    """Return which patterns a run shows, in order: a different selection for each run, and always the same for one run."""
    return tuple(sorted(ITEMS, key=lambda item: _place(run, item, secret))[:ITEMS_IN_RUN])


def _place(run: int, item: int, secret: bytes) -> bytes:
    return hmac.digest(secret, b"training-run:%d:%d" % (run, item), hashlib.sha256)


def answer_pairs(item: int, stated: Mapping[str, Any]) -> tuple[Pair, ...]:
    """Return the stated and the agreed answer for each question."""
    agreed = agreed_facts(item)
    return tuple((str(stated.get(name)), agreed[name]) for name in FACTS_TRAINED)


def result_of(answers: Mapping[int, Mapping[str, Any]]) -> tuple[Kappa, dict[str, Kappa]]:
    """Return the agreement with the agreed facts, over all of them and for each."""
    pairs = [answer_pairs(item, stated) for item, stated in answers.items()]
    return pooled_kappa(pairs), {name: kappa_of([pair[at] for pair in pairs]) for at, name in enumerate(FACTS_TRAINED)}


def has_passed(kappa: Kappa) -> bool:
    """Return whether a run is good enough; the scale of Landis and Koch (1977) calls this almost perfect."""
    return kappa.pairs == ITEMS_IN_RUN and kappa.value is not None and kappa.value >= PASSES_FROM
