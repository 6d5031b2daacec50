"""Change the rules one small thing at a time and see whether a test notices: `make mutants`.

mutmut makes the mutants (https://mutmut.readthedocs.io); `mutants_run.py` tries them. `tools/mutants.toml` names what is mutated in each
slice and which tests must notice. What came of each function is kept in `tests/mutants/SLICE.json`: a digest of its source, how many
mutants it has, and those that survived, each with the reason why that is right. A function whose source is unchanged is not tried
again, but for one that has a survivor without a reason, which a new test may kill.

`mutants.py promises` takes the mutants of `tests/mutants/promises.toml` instead: one for each promise of THREAT_MODEL.md, which the test that
the promise names must kill.

Usage: mutants.py [--changed] [--all] [SLICE ...]
  --changed  only slices that are on record: what continuous integration asks
  --all      try every function again, also those on record
Exit code 1 where a mutant survived without a reason, or a slice's share is below what it demands.
"""

import argparse
import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "tests" / "mutants"
WORK = ROOT / "artefacts" / "mutants"
AT_LEAST_PERCENT = 95.0
SURVIVED = (0, 33)  # every test passed; no test reaches it
SHARES = min(os.cpu_count() or 1, 4)  # copies of the project that each try their share of a slice's mutants
NO_REASON = "survived; no reason given"


@dataclass
class Function:
    """What is on record of one function: a digest of its source, its number of mutants, and the survivors with reasons."""

    source: str
    mutants: int = 0
    survivors: dict[str, str] = field(default_factory=dict)


def functions_of(path: Path) -> dict[str, str]:
    """Each function of a file by its dotted name, with a digest of its source; layout, comments and docstrings don't count."""
    found: dict[str, str] = {}

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                if ast.get_docstring(child) is not None:
                    child.body = child.body[1:]
                digest = hashlib.sha256(ast.dump(child).encode()).hexdigest()[:16]
                found[f"{prefix}{child.name}"] = digest

    walk(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def files_of(slice_: dict[str, Any]) -> list[Path]:
    """The files of a slice that are mutated."""
    return sorted(
        path for glob in slice_["modules"] for path in (ROOT / "src" / "leeward").glob(glob) if path.suffix == ".py"
    )


def dotted(path: Path) -> str:
    """The module's name."""
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def read_records(name: str) -> dict[str, Function]:
    """What is on record of a slice's functions, by module and name."""
    path = RECORDS / f"{name}.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {key: Function(row["source"], row["mutants"], row.get("survivors", {})) for key, row in said.items()}


def write_records(name: str, records: dict[str, Function]) -> None:
    """Keep them, one function a line, sorted, so that a change is easy to review."""
    rows = []
    for key, row in sorted(records.items()):
        value: dict[str, Any] = {"source": row.source, "mutants": row.mutants}
        if row.survivors:
            value["survivors"] = row.survivors
        rows.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    (RECORDS / f"{name}.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def prepare(name: str) -> Path:
    """A copy of the project to mutate; returns its folder."""
    place = WORK / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for one in filter(None, tracked):
        if (ROOT / one).is_file():
            (place / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / one, place / one)
    for compiled in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        shutil.copy2(compiled, place / compiled.relative_to(ROOT))
    return place


def configure(place: Path, slice_: dict[str, Any]) -> None:
    """Write mutmut's settings into the copy."""
    copied = sorted(
        one.name for one in place.iterdir() if one.name not in {"src", "tests", "pyproject.toml", "mutants"}
    )
    lines = [
        "[tool.mutmut]",
        'source_paths = ["src/"]',
        f"only_mutate = {json.dumps([f'src/leeward/{glob}' for glob in slice_['modules']])}",
        f"also_copy = {json.dumps(copied)}",
        "use_git_change_detection = false",
    ]
    original = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text(original + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


def run(places: list[Path], slice_: dict[str, Any], wanted: list[str], *, quick: bool) -> dict[str, int]:
    """The exit code of each of these mutants (0: it survived; 33: no test reaches it), on tests without a database if `quick`.

    Each of these copies tries its share of them, side by side.
    """
    plugin = ["-p", "tests.mutants.quick"] if quick else []
    arguments = ["-m", "not browser and not servers and not slow", *plugin]
    asked = {"wanted": wanted, "tests": slice_["tests"], "arguments": arguments, "shares": len(places)}
    running = []
    for share, place in enumerate(places):
        (place / "run.json").write_text(json.dumps(asked | {"share": share}), encoding="utf-8")
        (place / "tmp").mkdir(exist_ok=True)
        command = [sys.executable, str(place / "tools" / "mutants_run.py")]
        log = WORK / f"{place.name}-{'quick' if quick else 'all'}.log"
        with log.open("w", encoding="utf-8") as output:
            environment = dict(os.environ, TMPDIR=str(place / "tmp"))
            process = subprocess.Popen(command, cwd=place, env=environment, stdout=output, stderr=subprocess.STDOUT)
        running.append((place, log, process))
    codes = [process.wait() for _, _, process in running]
    found: dict[str, int] = {}
    for (place, log, _), code in zip(running, codes, strict=True):
        if code != 0:
            sys.exit(f"The mutants were not tried; {log} says why.")
        found |= json.loads((place / "codes.json").read_text(encoding="utf-8"))
    return found


def made_in(place: Path) -> Iterator[tuple[str, str, str]]:
    """(module, function, mutant) of every mutant in the copy."""
    source = place / "mutants" / "src"
    for path in sorted(source.rglob("*.meta")):
        module = ".".join(path.relative_to(source).with_suffix("").with_suffix("").parts)
        for key in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]:
            mangled = key.removeprefix(f"{module}.").rpartition("__mutmut_")[0]
            yield module, plain_name(mangled), key


def plain_name(mangled: str) -> str:
    """`x_name` and `xǁClassǁname`, as mutmut writes them, as `name` and `Class.name`."""
    return mangled.removeprefix("xǁ").replace("ǁ", ".") if mangled.startswith("xǁ") else mangled.removeprefix("x_")


_SHOW = """
import json, sys
from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant
print(json.dumps({name: get_diff_for_mutant(name, path=find_mutant(name).path) for name in sys.argv[1:]}))
"""


def shown(place: Path, mutants: list[str]) -> dict[str, str]:
    """What each of these mutants changes, on one line."""
    if not mutants:
        return {}
    command = [sys.executable, "-c", _SHOW, *mutants]
    found = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout
    return {name: _on_one_line(text) for name, text in json.loads(found).items()}


def _on_one_line(text: str) -> str:
    removed = [line[1:].strip() for line in text.splitlines() if line.startswith("-") and not line.startswith("---")]
    added = [line[1:].strip() for line in text.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return f"{' '.join(removed)} -> {' '.join(added)}"


def stale_functions(name: str, slice_: dict[str, Any]) -> set[str]:
    """The functions of a slice that are not on record as they are now."""
    records = read_records(name)
    now = {f"{dotted(path)}.{key}": digest for path in files_of(slice_) for key, digest in functions_of(path).items()}
    return {key for key, digest in now.items() if key not in records or records[key].source != digest}


def unreasoned_functions(name: str) -> set[str]:
    """The functions on record of which a mutant survived without a reason."""
    return {key for key, row in read_records(name).items() if NO_REASON in row.survivors.values()}


def try_slice(name: str, slice_: dict[str, Any], wanted: set[str]) -> None:
    """Try the mutants of the wanted functions and put down what came of each."""
    now = {f"{dotted(path)}.{key}": digest for path in files_of(slice_) for key, digest in functions_of(path).items()}
    before = read_records(name)
    records = {key: row for key, row in before.items() if key in now and key not in wanted}
    records |= {key: Function(now[key]) for key in wanted & set(now)}
    places = [prepare(f"{name}-{share}") for share in range(SHARES)]
    for one in places:
        configure(one, slice_)
    codes: dict[str, int] = {}
    left = sorted(mutmut_patterns(wanted))
    for quick in (True,) if slice_.get("pure") else (True, False):
        codes |= run(places, slice_, left, quick=quick) if left else {}
        left = [mutant for mutant, code in codes.items() if code in SURVIVED]
    made = [one for one in made_in(places[0]) if one[2] in codes]
    texts = shown(places[0], left)
    for module, function, mutant in made:
        row = records[f"{module}.{function}"]
        row.mutants += 1
        if text := texts.get(mutant):
            known = before.get(f"{module}.{function}")
            row.survivors[text] = (known.survivors.get(text) if known else None) or NO_REASON
    write_records(name, records)


def mutmut_patterns(wanted: set[str]) -> set[str]:
    """mutmut's names for the mutants of these functions."""
    found = set()
    for key in wanted:
        module, _, function = key.rpartition(".")
        if module.rpartition(".")[2].lstrip("_")[:1].isupper():  # a method
            module, _, owner = module.rpartition(".")
            found.add(f"{module}.xǁ{owner}ǁ{function}__mutmut_*")
        else:
            found.add(f"{module}.x_{function}__mutmut_*")
    return found


def judged(name: str, slice_: dict[str, Any]) -> bool:
    """Print how a slice stands; whether it is good."""
    records = read_records(name)
    total = sum(row.mutants for row in records.values())
    alive = [(key, text, why) for key, row in sorted(records.items()) for text, why in row.survivors.items()]
    unreasoned = [(key, text) for key, text, why in alive if why == NO_REASON]
    percent = 100.0 * (total - len(alive)) / total if total else 100.0
    at_least = float(slice_.get("at_least", AT_LEAST_PERCENT))
    print(
        f"{name:15} {total - len(alive):5} of {total:5} killed, {percent:5.1f} %, {len(unreasoned)} without a reason",
        flush=True,
    )
    return percent >= at_least and (not unreasoned or at_least < AT_LEAST_PERCENT)


def promises(wanted: set[str]) -> bool:
    """Break each promise in a copy of the project and run the test that it names; whether every one failed."""
    rows = tomllib.loads((RECORDS / "promises.toml").read_text(encoding="utf-8"))
    place = prepare("promises")
    # What is not changed is compiled once; what is changed has another time than its compiled form, and is compiled each time.
    subprocess.run([sys.executable, "-m", "compileall", "-q", "src", "tests"], cwd=place, check=False)
    environment = dict(os.environ, PYTHONPATH=f"{place / 'src'}:{place}", PYTHONDONTWRITEBYTECODE="1")
    alive = []
    for number, row in rows.items():
        if wanted and number not in wanted:
            continue
        path = place / row["file"]
        original = path.read_text(encoding="utf-8")
        if original.count(row["old"]) != 1:
            alive.append(f"{number}: {row['file']} does not hold once: {row['old']!r}")
            continue
        path.write_text(original.replace(row["old"], row["new"]), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", row["test"]]
        code = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False).returncode
        path.write_text(original, encoding="utf-8")
        print(f"{number:4} {'killed' if code == 1 else 'SURVIVED'}  {row['test']}", flush=True)
        if code != 1:  # anything else is no failed assertion: the test did not run
            alive.append(f"{number}: {row['test']} ended with {code}")
    print("\n".join(alive) or "every promise's test kills its mutant")
    return not alive


def main() -> int:
    """Try what is wanted, print a line a slice; 1 where something survived that should not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("slices", nargs="*")
    options = parser.parse_args()
    if options.slices[:1] == ["promises"]:
        return 0 if promises(set(options.slices[1:])) else 1
    known = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    unknown = [name for name in options.slices if not any(fnmatch(one, name) for one in known)]
    if unknown:
        parser.error(f"no slice {', '.join(unknown)} in tools/mutants.toml; there are: {', '.join(known)}")
    good = True
    for name in options.slices or known:
        slice_ = known[name]
        if options.changed and not (RECORDS / f"{name}.json").exists():
            print(f"{name:15} not on record yet", flush=True)
            continue
        everything = {f"{dotted(path)}.{key}" for path in files_of(slice_) for key in functions_of(path)}
        wanted = everything if options.all else stale_functions(name, slice_)
        wanted |= set() if options.changed else unreasoned_functions(name) & everything
        if wanted:
            try_slice(name, slice_, wanted)
        good = judged(name, slice_) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
