"""A summary of a scan as one page of HTML: counts only, no picture, no path, no hash."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from string import Template

from leeward.scanning.services import Outcome, Plan
from leeward.scanning.sources import Item
from leeward.scanning.tally import NEAR_STEPS, step_of

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Scan: $verdict</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: start; font-weight: 600; }
th, td { text-align: start; padding: .3rem .6rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }
td.n { text-align: end; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>$verdict</h1>
<p>Ended $ended. This page holds counts only; paths and hashes are in the output of the scan.</p>
$tables
</body>
</html>
""")


def report(plan: Plan, outcome: Outcome, *, ended: datetime, seconds: float) -> str:
    """Return the page. `ended`: aware; `seconds`: how long this run took."""
    tally = outcome.tally
    scanned = tally.files - outcome.skipped
    rate = (
        f"{scanned / seconds:,.1f} files, {tally.bytes / seconds / 1e6:,.1f} MB a second"
        if seconds > 0 and scanned > 0
        else "—"
    )
    totals = [
        ("Files", f"{tally.files:,}"),
        ("Bytes", f"{tally.bytes:,}"),
        ("Rows (files and what is inside them)", f"{tally.rows:,}"),
        ("Rows with a match", f"{tally.matched:,}"),
        ("Rows with an error", f"{tally.errors:,}"),
        ("Finished by an earlier run", f"{outcome.skipped:,}"),
        ("Seconds of this run", f"{seconds:,.0f}"),
        ("Rate of this run", rate if not outcome.skipped else "—"),
    ]
    lists = [(files.name, f"{files.entries:,}", f"{files.bad_count:,}") for files in outcome.lists]
    steps = list(dict.fromkeys(step_of(step) for step in NEAR_STEPS))
    kinds = sorted({(name, kind) for name, kind, _ in tally.near})
    near = [(name, kind, *(f"{tally.near[name, kind, step]:,}" for step in steps)) for name, kind in kinds]
    tables = [
        _table("Counts", ("", ""), totals),
        _table("Where", ("source",), [(Item(source, is_url=True).shown,) for source in plan.sources]),
        _table("Compared with", ("list", "entries", "lines left out"), lists),
        _table("Matches by distance in bits", ("list", "kind", *steps), near),
        _table(
            "What the rows are", ("kind", "rows"), [(kind, f"{count:,}") for kind, count in tally.kinds.most_common()]
        ),
        _table(
            "Errors by reason", ("reason", "rows"), [(why, f"{count:,}") for why, count in tally.reasons.most_common()]
        ),
    ]
    verdict = f"{tally.matched:,} matches" if tally.matched else "Nothing matched"
    return _PAGE.substitute(verdict=verdict, ended=ended.strftime("%Y-%m-%d %H:%M %Z"), tables="\n".join(tables))


def _table(caption: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(
        "<tr>"
        + "".join(
            f'<td class="n">{escape(value)}</td>' if at else f"<td>{escape(value)}</td>" for at, value in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    head = "<tr>" + "".join(f'<th scope="col">{escape(name)}</th>' for name in names) + "</tr>" if any(names) else ""
    empty = "" if cells else "<p>None.</p>"
    return f"<h2>{escape(caption)}</h2>\n{empty or f'<table>{head}{cells}</table>'}"
