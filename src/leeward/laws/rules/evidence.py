"""What the engine's own record of a law says about ICMEC's criteria on a given day: limbs, conduct and duties. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from leeward.laws.rules.jurisdiction import Spans, day_of
from leeward.laws.rules.provisions import Evidence
from leeward.laws.rules.three import YES

_PROVIDERS = frozenset({"access", "host", "platform"})


def evidence_of(file: Mapping[str, Any], on: date) -> list[Evidence]:
    """Return the criteria on which a jurisdiction's recorded law, as somebody read it, says something on a given day."""
    works = {work["id"]: work for work in file.get("works", ())}
    cited = {row["id"]: f"{works[row['work']]['short']} {row['at']}".strip() for row in file.get("provisions", ())}
    spans = Spans(file, works)
    found = [*_of_limbs(file, spans, cited, on), *_of_duties(file, spans, cited, on)]
    return list(dict.fromkeys(found))


def _of_limbs(file: Mapping[str, Any], spans: Spans, cited: Mapping[str, str], on: date) -> Iterator[Evidence]:
    """A limb that covers photographs and names an age shows a specific law with a definition; conduct shows whether
    possession is included.
    """
    law = file.get("legality") or {}
    for row in law.get("limbs", ()):
        if "photograph" not in row["media"] or not row.get("settled", True) or spans.of(row).holds(on) is not YES:
            continue
        citation = _joined(row["provisions"], cited)
        yield Evidence("c1", "yes", citation)
        if row.get("age"):
            yield Evidence("c2", "yes", citation)
        if law["conduct"]["possession"] in ("yes", "no"):
            yield Evidence("c4", law["conduct"]["possession"], citation)


def _of_duties(file: Mapping[str, Any], spans: Spans, cited: Mapping[str, str], on: date) -> Iterator[Evidence]:
    """Yield a duty of providers to report, or that somebody read the law and found none."""
    for row in file.get("duties", ()):
        if _PROVIDERS & set(row["binds"]) and spans.of(row).holds(on) is YES:
            yield Evidence("c5", "yes", _joined(row["provisions"], cited))
    known_on = day_of(file["known_on"])
    none = (file.get("beside") or {}).get("no_duty")
    if none and known_on and on >= known_on:
        yield Evidence("c5", "no", none)


def _joined(ids: Iterable[str], cited: Mapping[str, str]) -> str:
    return "; ".join(cited[id] for id in ids)
