"""Validate one jurisdiction's file: against data/schema.json, and for what a schema can't express."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.laws.errors import BadLawFile
from leeward.laws.files.packaged import packaged_text
from leeward.laws.files.yaml_text import line_of, read_yaml
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.jurisdiction import day_of
from leeward.laws.rules.provisions import SEARCHED

Path = tuple[str | int, ...]
Problem = tuple[Path, str | _]
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|0000(-[0-9]{2})?")
# Characters that XML can't contain; they would break the feed of changes and bills as DOCX or Akoma Ntoso.
_NOT_IN_XML = Pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(packaged_text("schema.json")))


def read_law_file(text: str, *, name: str) -> dict[str, Any]:
    """Return the checked content of a file; raises BadLawFile naming file, line and field of the first problem."""
    content = read_yaml(text, name=name)
    problem = _shape_problem(content) or next(_problems(content, name), None)
    if problem:
        path, why = problem
        field = ".".join(str(step) for step in path)
        raise BadLawFile(file=name, line=line_of(text, path), field=field, why=why)
    return dict(content)


def _shape_problem(content: Any) -> Problem | None:
    error = best_match(_validator().iter_errors(content))
    if error is None:
        return None
    return tuple(error.absolute_path), _in_words(error.validator, error.validator_value, error.instance, error.message)


def _problems(content: Mapping[str, Any], name: str) -> Iterator[Problem]:
    yield from _text_problems(content, ())
    yield from _inner_problems(content, name)


def _text_problems(content: Any, path: Path) -> Iterator[Problem]:
    """Yield dates that don't exist and characters that XML can't contain: either would break every page of the
    register.
    """
    if isinstance(content, str):
        if _NOT_IN_XML.search(content) or (_DAY.fullmatch(content) and not _is_day(content)):
            yield path, _not_as_required(json.dumps(content)[:60])
        return
    for step, below in content.items() if isinstance(content, Mapping) else enumerate(content):
        if isinstance(below, str | Mapping | list):
            yield from _text_problems(below, (*path, step))


def _is_day(text: str) -> bool:
    try:
        return day_of(text) is not None
    except ValueError:
        return False


def _not_as_required(shown: str) -> _:
    return _("%(shown)s is not written as required", shown=shown)


def _in_words(rule: str, wanted: Any, found: Any, message: str) -> str | _:
    shown = json.dumps(found, ensure_ascii=False, default=str)[:60]
    match rule:
        case "enum":
            return _(
                "it is %(shown)s and must be one of %(words)s",
                shown=shown,
                words=", ".join(json.dumps(word) for word in wanted),
            )
        case "pattern":
            return _not_as_required(shown)
        case "type":
            return _(
                "%(shown)s has the wrong type; expected: %(kinds)s",
                shown=shown,
                kinds=wanted if isinstance(wanted, str) else ", ".join(wanted),
            )
        case "required":
            return _("%(field)s is missing", field=message.split(" is a ", maxsplit=1)[0])
        case "additionalProperties":
            return _("there is no such field (%(field)s)", field=message.rsplit("(", maxsplit=1)[-1].rstrip(")"))
    return message[:200]


def _inner_problems(content: Mapping[str, Any], name: str) -> Iterator[Problem]:
    code = content["code"]
    if name.removesuffix(".yaml") != code:
        yield ("code",), _("the file is named %(name)s and its code is %(code)s", name=name, code=code)
    yield from _twice(content, "works")
    yield from _twice(content, "provisions")
    works = {row["id"] for row in content.get("works", ())}
    for at, row in enumerate(content.get("provisions", ())):
        if row["work"] not in works:
            yield ("provisions", at, "work"), _("there is no work %(work)s in this file", work=row["work"])
    for at, row in enumerate(content.get("readings", ())):
        yield from _reading_problems(row, at, works)
    yield from _unknown_references(content)
    for at, row in enumerate(content.get("works", ())):
        yield from _dates_out_of_order(row, ("works", at, "expressions"))
    for path, row in _spans(content):
        if row.get("from") and row.get("until") and row["until"] <= row["from"]:
            yield (
                (*path, "until"),
                _("it ends on %(until)s, before it begins on %(start)s", until=row["until"], start=row["from"]),
            )
    for key in ("criteria", "bands"):
        yield from _same_edition_twice(content, key)


def _reading_problems(row: Mapping[str, Any], at: int, works: set[str]) -> Iterator[Problem]:
    """Check that a reading refers to an instrument of this file, or says that none was found, and that what was read
    has a source.
    """
    if (row["work"] is None) != (row["topic"] == SEARCHED):
        yield ("readings", at, "work"), _("a reading names its instrument, unless it says that nothing was found")
    elif row["work"] is not None and row["work"] not in works:
        yield ("readings", at, "work"), _("there is no work %(work)s in this file", work=row["work"])
    if row["seen"] != "no" and not row["source"]:
        yield ("readings", at, "source"), _("what was seen needs a source")


def _twice(content: Mapping[str, Any], key: str) -> Iterator[Problem]:
    seen = set()
    for at, row in enumerate(content.get(key, ())):
        if row["id"] in seen:
            yield (key, at, "id"), _("the name %(id)s is used twice", id=row["id"])
        seen.add(row["id"])


def _spans(content: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    law = content.get("legality") or {}
    for key in ("limbs", "outside"):
        yield from ((("legality", key, at), row) for at, row in enumerate(law.get(key, ())))
    for key in ("duties", "solicitation"):
        yield from (((key, at), row) for at, row in enumerate(content.get(key, ())))


def _unknown_references(content: Mapping[str, Any]) -> Iterator[Problem]:
    provisions = {row["id"] for row in content.get("provisions", ())}
    vocabulary = acts_vocabulary()
    for path, row in _spans(content):
        for at, id in enumerate(row["provisions"]):
            if id not in provisions:
                yield (*path, "provisions", at), _("there is no provision %(id)s in this file", id=id)
        for side, names in (row.get("acts") or {}).items():
            for at, act in enumerate(names):
                if not vocabulary.named([act]):
                    yield (*path, "acts", side, at), _("there is no act or group of acts %(act)s in acts.yaml", act=act)
    for at, row in enumerate(content["criteria"]):
        for number, id in enumerate(row["provisions"]):
            if id not in provisions:
                yield ("criteria", at, "provisions", number), _("there is no provision %(id)s in this file", id=id)


def _dates_out_of_order(work: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Check that a work is revoked only after it was made, and that the rows are in chronological order."""
    made, expressions = work["made"] or "", work["expressions"]
    for at, row in enumerate(expressions):
        if row["event"] == "lapsed" and (work["kind"] != "bill" or at + 1 < len(expressions)):
            yield (*path, at, "event"), _("only a bill lapses, and nothing follows in its record")
    for at, row in enumerate(expressions):
        if at and row["date"] < expressions[at - 1]["date"][: len(row["date"])]:
            yield (
                (*path, at, "date"),
                _("%(date)s stands after the later %(other)s", date=row["date"], other=expressions[at - 1]["date"]),
            )
        if row["event"] in ("made", "remade"):
            made = made or row["date"]
        elif row["event"] == "revoked" and any(later["event"] == "made" for later in expressions[at + 1 :]):
            yield (*path, at, "date"), _("it is revoked on %(date)s, before it was made", date=row["date"])
    for at, row in enumerate(expressions):
        if made and row["event"] != "made" and row["date"] < made[: len(row["date"])]:
            yield (
                (*path, at, "date"),
                _(
                    "it is %(event)s on %(date)s, before it was made on %(made)s",
                    event=row["event"],
                    date=row["date"],
                    made=made,
                ),
            )


def _same_edition_twice(content: Mapping[str, Any], key: str) -> Iterator[Problem]:
    seen = set()
    for at, row in enumerate(content[key]):
        mark = (row["edition"], row["source"])
        if mark in seen:
            yield (
                (key, at, "edition"),
                _("edition %(edition)s is listed twice with the same source", edition=row["edition"]),
            )
        seen.add(mark)
