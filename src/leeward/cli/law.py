"""`leeward law`: the register of laws and what they make of a set of facts."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import show
from leeward.ground.errors import BadInput

if TYPE_CHECKING:
    from leeward.laws.queries import OpinionRow
    from leeward.laws.register import Register
    from leeward.laws.rules.facts import Facts

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="One JSON object a row.")]
NOT_A_SCORECARD = "A review to help, not a scorecard. Nothing here is legal advice."


def _register() -> "Register":
    from leeward.site.start import start

    start()
    from leeward.laws.queries import register

    return register()


@app.command()
def status(
    edition: Annotated[str | None, typer.Option(help="ICMEC's edition; the newest known without it.")] = None,
    band: Annotated[str | None, typer.Option(help="Only states of this band: 0, 1-3 or 4-5.")] = None,
    as_json: Json = False,
) -> int:
    """Every Commonwealth state's band and what is known of criteria 1 to 5.

    Example: leeward law status --edition 7 --band 0
    """
    laws = _register()
    from leeward.laws import standing
    from leeward.laws.rules.gaps import BANDS

    known = standing.editions(laws)
    wanted = edition or known[-1]
    if wanted not in known:
        raise BadInput(
            what="--edition", why=f"nothing is recorded of edition {wanted[:20]}, only of {', '.join(known)}"
        )
    if band is not None and band not in BANDS:
        raise BadInput(what="--band", why=f"{band[:20]} is none of {', '.join(BANDS)}")
    rows = [row for row in standing.status(laws, wanted) if band is None or row.band == band]
    show(rows, as_json=as_json, columns=None if as_json else ("iso2", "name", "band", "c1", "c2", "c3", "c4", "c5"))
    _remind(as_json=as_json)
    return 0


@app.command()
def gaps(
    codes: Annotated[list[str], typer.Argument(help="Country codes, such as JM.")],
    edition: Annotated[str | None, typer.Option(help="ICMEC's edition; the newest known without it.")] = None,
    as_json: Json = False,
) -> int:
    """Which of the criteria a country lacks, or how many at least and at most, and what would settle it.

    Example: leeward law gaps JM NR
    """
    laws = _register()
    from leeward.laws.standing import gaps_of

    rows = [gaps_of(laws.file(code), edition) for code in _codes(codes)]
    if as_json:
        show(rows, as_json=True)
        return 0
    for row in rows:
        count = str(row.fewest) if row.fewest == row.most else f"{row.fewest} to {row.most}"
        print(f"{row.iso2}  {row.name}: lacks {count} of criteria 1 to 4 (edition {row.edition or 'none'})")
        for words, names in (("missing", row.missing), ("met", row.met), ("not known", row.unknown)):
            if names:
                print(f"    {words}: {', '.join(names)}")
        print(f"    grooming, a track of its own: {row.grooming}")
    _remind(as_json=as_json)
    return 0


@app.command()
def figures(
    editions: Annotated[bool, typer.Option("--editions", help="ICMEC's headline counts, edition by edition.")] = False,
    as_json: Json = False,
) -> int:
    """Every figure of the toolkit with year, place and footnote.

    Example: leeward law figures --json
    """
    _register()
    from leeward.laws import standing

    show(standing.edition_counts() if editions else standing.figures(), as_json=as_json)
    return 0


@app.command()
def legality(
    facts: Annotated[Path, typer.Option(help="A JSON file with the facts; - reads standard input.")],
    more: Annotated[list[str] | None, typer.Argument(help="More jurisdictions.", metavar="[CC]...")] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option(help="Only these; all without it.")] = None,
    on: Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")] = None,
    as_json: Json = False,
) -> int:
    """What the law of each jurisdiction says of a set of facts: likely illegal, unlikely, or undetermined.

    Example: leeward law legality --facts facts.json --jurisdiction JM --json
    """
    laws = _register()
    from leeward.laws.queries import opinions_for

    stated = _facts(facts)
    codes = list(_codes([*(jurisdiction or ()), *(more or ())])) or list(laws.files)
    day = _day(on)
    laws.refuse_before_any_law(codes, day)
    rows = [_opinion(row) for row in opinions_for(stated, codes, day)]
    show(rows, as_json=as_json, columns=None if as_json else ("jurisdiction", "opinion", "because", "would_settle"))
    return 0


def _opinion(row: "OpinionRow") -> dict[str, Any]:
    settles = zip(row.would_settle, row.settle_words, strict=True)
    return {
        "jurisdiction": row.country,
        "name": row.jurisdiction,
        "opinion": "undetermined" if row.verdict == "no_law_recorded" else row.verdict,
        "because": list(row.because),
        "says": list(row.says),
        "would_settle": [f"law: {words}" if name.startswith("law:") else name for name, words in settles],
        "recorded": row.verdict != "no_law_recorded",
        "caution": row.caution,
        "law_version": row.law_version,
    }


def _codes(given: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(code.strip().upper() for entry in given for code in entry.split(",") if code.strip())


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(what="--on", why=f"{text[:20]!r} is no day, written YYYY-MM-DD") from None


def _facts(path: Path) -> "Facts":
    from leeward.laws.rules.facts import parse_facts

    name = "standard input" if str(path) == "-" else str(path)
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(what=f"{name}, line {error.lineno}", why=f"it is not JSON ({error.msg})") from None
    except RecursionError:
        raise BadInput(what=name, why="it is nested too deeply") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=name, why=getattr(error, "strerror", None) or "it is not text") from None
    return parse_facts(content)


def _remind(*, as_json: bool) -> None:
    if not as_json:
        print(NOT_A_SCORECARD, file=sys.stderr)
