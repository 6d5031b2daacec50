"""The glossary: one row a term, in order, each with a folder that exists and without a retired word."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_glossary_names_each_term_once_and_folders_that_exist() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [re.split(r" \| ", line.strip("| ")) for line in lines if line.startswith("| ")][1:]
    assert len(rows) > 80
    assert {len(row) for row in rows} == {4}
    terms = [row[0].lower() for row in rows]
    assert terms == sorted(set(terms))
    missing = [row[3] for row in rows if not (ROOT / "src/leeward" / row[3].strip("`")).is_dir()]
    assert missing == []
    unknown = []
    for term, meaning, _others, where in rows:
        sources = "\n".join(
            path.read_text(encoding="utf-8") for path in (ROOT / "src/leeward" / where.strip("`")).rglob("*.py")
        )
        unknown += [
            (term, name) for name in re.findall(r"in code `(\w+)`", meaning) if not re.search(rf"\b{name}s?\b", sources)
        ]
    assert unknown == []
