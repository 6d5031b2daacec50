"""States and their parts: a part inherits from its state what it has no provision of its own for, and a state without a
single law on the material inherits from its parts.

Inherited rows are marked: `lent_by` names the jurisdiction whose law it is, `known_on` the day up to which it was read,
and `inherited` says that the part's own law on the matter was not read, so that nothing inherited leads to a certain
no.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leeward.foundation.lazy_text import LazyText as _

File = Mapping[str, Any]
_OF_A_STATE = ("criteria", "bands", "surveys", "hotlines")


def in_effect(files: Mapping[str, File]) -> dict[str, File]:
    """Return every file with what it inherits from its state or its parts; a file without either is unchanged."""
    return {code: _in_effect(file, files) for code, file in files.items()}


def problem_of_parts(files: Mapping[str, File]) -> tuple[str, str, _] | None:
    """Return code, field and reason of the first file that names a missing state or part; None if all fit."""
    for code, file in files.items():
        state, part = file.get("part_of"), file.get("law_of_part")
        if (state is None) != (file["kind"] != "part"):
            return code, "part_of", _("a part names its state, and only a part does")
        if state is not None and files.get(state, {}).get("kind") != "state":
            return code, "part_of", _("there is no state %(state)s in the register", state=state)
        if part is not None and files.get(part, {}).get("part_of") != code:
            return code, "law_of_part", _("there is no part %(part)s of %(code)s in the register", part=part, code=code)
    return None


def _in_effect(file: File, files: Mapping[str, File]) -> File:
    if file.get("part_of"):
        return _filled(file, files[file["part_of"]], inherited=True)
    if file.get("law_of_part"):
        return _filled(file, files[file["law_of_part"]], inherited=False)
    return file


def _filled(file: File, lender: File, *, inherited: bool) -> dict[str, Any]:
    """Return the file with the lender's rows where it has none of its own; reviews cover states, so they are passed
    down only.
    """
    lent = _Lent(lender, inherited=inherited)
    filled = {
        **file,
        "legality": _legality(file.get("legality") or {}, lent),
        "duties": [*(file.get("duties") or lent.rows(lender.get("duties", ())))],
        "solicitation": [*(file.get("solicitation") or lent.rows(lender.get("solicitation", ())))],
        "beside": _beside(file.get("beside"), lender.get("beside")),
        "grooming": _first_known(file["grooming"], lender["grooming"]),
        "statements": _first_known(file.get("statements") or {}, lender.get("statements") or {}),
    }
    if inherited:
        filled |= {name: file[name] or lender[name] for name in _OF_A_STATE}
    works, provisions = lent.places()
    filled["works"] = [*file.get("works", ()), *works]
    filled["provisions"] = [*file.get("provisions", ()), *provisions]
    if any("lent_by" in row for row in (*filled["legality"].get("limbs", ()), *filled["solicitation"])):
        filled["caution"] = ". ".join(dict.fromkeys(filter(None, (file["caution"], lender["caution"])))) or None
    return filled


class _Lent:
    """Rows of another file, with their provisions and works renamed so that no ids collide."""

    def __init__(self, lender: File, *, inherited: bool) -> None:
        self.lender, self.inherited = lender, inherited
        self.prefix = f"{lender['code'].lower()}-"
        self.used: dict[str, None] = {}

    def rows(self, rows: Iterable[File]) -> Iterator[dict[str, Any]]:
        for row in rows:
            self.used |= dict.fromkeys(row["provisions"])
            yield {
                **row,
                "provisions": [self.prefix + id for id in row["provisions"]],
                "lent_by": self.lender["code"],
                "known_on": self.lender["known_on"],
                "inherited": self.inherited,
            }

    def places(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the works and provisions that the lent rows refer to."""
        provisions = [
            {**row, "id": self.prefix + row["id"], "work": self.prefix + row["work"]}
            for row in self.lender.get("provisions", ())
            if row["id"] in self.used
        ]
        needed = {row["work"] for row in provisions}
        works = [{**row, "id": self.prefix + row["id"]} for row in self.lender.get("works", ())]
        return [row for row in works if row["id"] in needed], provisions


def _legality(own: File, lent: _Lent) -> dict[str, Any]:
    """Return the file's own limbs, and the lender's for media without any."""
    theirs = lent.lender.get("legality") or {}
    covered = {medium for side in ("limbs", "outside") for row in own.get(side, ()) for medium in row["media"]}
    sides = {}
    for side in ("limbs", "outside"):
        left = (
            {**row, "media": [name for name in row["media"] if name not in covered]} for row in theirs.get(side, ())
        )
        sides[side] = [*own.get(side, ()), *lent.rows(row for row in left if row["media"])]
    conduct = own.get("conduct") or theirs.get("conduct")
    return {"conduct": conduct, **sides} if conduct else {}


def _beside(own: File | None, theirs: File | None) -> dict[str, Any] | None:
    if not theirs:
        return dict(own) if own else None
    joined = {row["name"]: row for row in (*theirs["treaties"], *(own or {}).get("treaties", ()))}
    return {**_first_known(own or {}, theirs), "treaties": list(joined.values())}


def _first_known(own: File, theirs: File) -> dict[str, Any]:
    """Return the file's own values where they are known, otherwise the other's."""
    unknown = (None, "unknown")
    return {
        name: theirs.get(name) if own.get(name) in unknown and theirs.get(name) not in unknown else own.get(name)
        for name in dict.fromkeys((*own, *theirs))
    }
