"""The register: every jurisdiction read, checked and compiled once."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from leeward.laws.errors import BadLawFile, BeforeAnyLaw, UnknownJurisdiction
from leeward.laws.files.lawfile import read_law_file
from leeward.laws.files.packaged import packaged_jurisdictions
from leeward.laws.files.yaml_text import line_of
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.jurisdiction import Jurisdiction, compile_jurisdiction
from leeward.laws.rules.parts import in_effect, problem_of_parts


@dataclass(frozen=True, eq=False)
class Register:
    """All jurisdictions of one version of the register.

    `written` holds the files as written, `files` with what a part and its state inherit from each other.
    """

    version: str
    written: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, Mapping[str, Any]]
    compiled: Mapping[str, Jurisdiction]

    def file(self, code: str) -> Mapping[str, Any]:
        """Return the content of a jurisdiction's file."""
        try:
            return self.files[code]
        except KeyError:
            raise UnknownJurisdiction(code=code[:40]) from None

    def jurisdiction(self, code: str) -> Jurisdiction:
        """Return a compiled jurisdiction."""
        try:
            return self.compiled[code]
        except KeyError:
            raise UnknownJurisdiction(code=code[:40]) from None

    def refuse_before_any_law(self, codes: Iterable[str], on: date) -> None:
        """Raise if a code is unknown, or if the day is before the first recorded law of all of them."""
        firsts = [self.jurisdiction(code).first_known for code in codes]
        known = [first for first in firsts if first]
        if known and on < min(known):
            raise BeforeAnyLaw(on=on, first=min(known))

    def with_file(self, content: Mapping[str, Any]) -> "Register":
        """Return the register with one file replaced; raises BadLawFile if a part and its state no longer fit."""
        written = dict(sorted({**self.written, content["code"]: content}.items()))
        problem = problem_of_parts(written)
        if problem:
            code, field, why = problem
            raise BadLawFile(file=f"{code}.yaml", line=1, field=field, why=why)
        files, vocabulary = in_effect(written), acts_vocabulary()
        changed = {code for code, file in files.items() if file != self.files.get(code)}
        compiled = {
            code: compile_jurisdiction(file, vocabulary) if code in changed else self.compiled[code]
            for code, file in files.items()
        }
        return Register(version="", written=written, files=files, compiled=compiled)


def version_of(texts: Mapping[str, str]) -> str:
    """Return the name of a version; equal texts have the same name."""
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{len(texts[name])}\0{texts[name]}".encode())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1_000)
def _read(name: str, text: str) -> Mapping[str, Any]:
    """Read and check a file, once for all registers that hold it as it is: of hundreds, a change concerns one."""
    return read_law_file(text, name=name)


def register_of(texts: Mapping[str, str]) -> Register:
    """Read, check and compile the files (name to text); raises BadLawFile at the first problem."""
    files = {content["code"]: content for content in (_read(name, text) for name, text in texts.items())}
    written = dict(sorted(files.items()))
    problem = problem_of_parts(written)
    if problem:
        code, field, why = problem
        raise BadLawFile(file=f"{code}.yaml", line=line_of(texts[f"{code}.yaml"], (field,)), field=field, why=why)
    ordered, vocabulary = in_effect(written), acts_vocabulary()
    return Register(
        version=version_of(texts),
        written=written,
        files=ordered,
        compiled={code: compile_jurisdiction(content, vocabulary) for code, content in ordered.items()},
    )


@cache
def packaged_register() -> Register:
    """Return the register that ships with Leeward."""
    return register_of(packaged_jurisdictions())
