"""Under which licence each part comes. What a part says of itself is taken where everybody knows it; what it says otherwise, or
brings in its wheel without saying it, a person has judged in `licences.toml`."""

import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from shipping.wheels import locked

# SPDX expressions whose conditions are met by passing on their texts, which every wheel brings along.
TEXTS = {
    "Apache-2.0": ("apache-2.0", "apache 2.0", "apache license 2.0", "apache software license"),
    "BSD-3-Clause": ("bsd-3-clause", "3-clause bsd license", "bsd license", "bsd"),
    "BSD-2-Clause": ("bsd-2-clause", "bsd 2-clause license"),
    "MIT": ("mit", "mit license"),
    "ISC": ("isc", "isc license", "isc license (iscl)"),
    "PSF-2.0": ("psf-2.0", "python software foundation license"),
}
PERMISSIVE = frozenset(TEXTS) | {
    "0BSD",
    "CC0-1.0",
    "MIT-0",
    "MIT-CMU",
    "Unlicense",
    "Zlib",
    "Apache-2.0 WITH LLVM-exception",
}


def named(root: Path) -> dict[str, dict[str, str]]:
    """Return what people judged, by the name of the part: `licence` (SPDX) and `because`."""
    judged: dict[str, dict[str, str]] = tomllib.loads((root / "shipping" / "licences.toml").read_text(encoding="utf-8"))
    return judged


def parts(root: Path) -> list[str]:
    """Return the names of what is locked for a machine that runs everything."""
    lines = [line.split(";")[0] for line in locked(root).splitlines() if "==" in line]
    return sorted({line.split("==")[0].strip() for line in lines})


def licence_of(name: str, judged: dict[str, dict[str, str]]) -> str:
    """Return the SPDX expression of a part: as judged, or as it says itself; "NOASSERTION" where neither is known."""
    if name in judged:
        return judged[name]["licence"]
    try:
        return _said(distribution(name))
    except PackageNotFoundError:
        return "NOASSERTION"


def _said(part: Distribution) -> str:
    expression = part.metadata.get("License-Expression")
    if expression:
        return str(expression)
    said = [str(part.metadata.get("License") or "").strip()]
    said += [
        line.rpartition(" :: ")[2] for line in part.metadata.get_all("Classifier") or [] if line.startswith("License")
    ]
    known = {name for text in said for name, ways in TEXTS.items() if text.casefold() in ways}
    return known.pop() if len(known) == 1 else "NOASSERTION"


def is_permissive(expression: str) -> bool:
    """Return whether every part of an expression, or one of its alternatives, asks for no more than its text."""
    return any(all(part.strip(" ()") in PERMISSIVE for part in way.split(" AND ")) for way in expression.split(" OR "))


def unjudged(root: Path) -> list[str]:
    """Return each locked part that nobody has judged though its licence asks for more than a notice or isn't known, or though its
    wheel brings libraries of others; a part that isn't installed here (of another system) is left out."""
    judged = named(root)
    found = []
    for name in parts(root):
        try:
            part = distribution(name)
        except PackageNotFoundError:
            continue
        if name not in judged and (brings_libraries(part) or not is_permissive(licence_of(name, judged))):
            found.append(f"{name}: {licence_of(name, judged)}")
    return found


def brings_libraries(part: Distribution) -> bool:
    """Return whether a wheel has compiled libraries of others in it, as the tools that repair wheels put them there."""
    return any(path.parts[0].endswith((".libs", ".dylibs")) for path in part.files or ())
