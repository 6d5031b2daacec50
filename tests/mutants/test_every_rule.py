"""Every file of rules is changed by `make mutants`: a new one can't be left out by oversight."""

import tomllib

from tools.mutants import ROOT, files_of, functions_of

# Files of this name that hold no rules, each with what it holds.
NO_RULES = {"clocks/views/rules.py": "the pages on which the rules of clocks are edited"}


def test_every_file_of_rules_is_in_a_slice() -> None:
    slices = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    mutated = {path for slice_ in slices.values() for path in files_of(slice_)}
    inside = ROOT / "src" / "leeward"
    rules = {*inside.glob("**/rules/**/*.py"), *inside.glob("**/rules.py")}
    left = {str(path.relative_to(inside)) for path in rules - mutated if functions_of(path)}
    assert left == set(NO_RULES)
