"""`leeward law`: the register of laws and what they make of a set of facts."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import complain, show
from leeward.ground.actor import Actor
from leeward.ground.errors import BadInput

if TYPE_CHECKING:
    from leeward.laws.register import Register

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="One JSON object a row.")]
OPINION_COLUMNS = ("jurisdiction", "opinion", "because", "would_settle")
COMMAND = Actor("command")
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
    from leeward.laws.queries import opinion_values, opinions_for
    from leeward.laws.rules.facts import parse_facts

    stated = parse_facts(_json(facts))
    codes, day = _asked(laws, [*(jurisdiction or ()), *(more or ())]), _day(on)
    laws.refuse_before_any_law(codes, day)
    rows = [opinion_values(row) for row in opinions_for(stated, codes, day)]
    show(rows, as_json=as_json, columns=None if as_json else OPINION_COLUMNS)
    return 0


@app.command()
def solicitation(
    facts: Annotated[Path, typer.Option(help="A JSON file with the facts; - reads standard input.")],
    more: Annotated[list[str] | None, typer.Argument(help="More jurisdictions.", metavar="[CC]...")] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option(help="Only these; all without it.")] = None,
    on: Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")] = None,
    as_json: Json = False,
) -> int:
    """What each law on soliciting a child says of an approach, and what an officer would still have to find.

    Facts are ages, yes, no or unknown; no message is needed. Example: leeward law solicitation --facts facts.json
    """
    laws = _register()
    from leeward.laws.queries import opinion_values, solicitation_for
    from leeward.laws.rules.solicitation import parse_solicitation

    stated = parse_solicitation(_json(facts))
    codes = _asked(laws, [*(jurisdiction or ()), *(more or ())])
    rows = [opinion_values(row) for row in solicitation_for(stated, codes, _day(on))]
    show(rows, as_json=as_json, columns=None if as_json else OPINION_COLUMNS)
    return 0


@app.command()
def duties(
    codes: Annotated[list[str], typer.Argument(help="Jurisdictions, such as CA.")],
    on: Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")] = None,
    as_json: Json = False,
) -> int:
    """Who must report what, to whom, how fast, and how each instrument stands on a day.

    Example: leeward law duties GB --on 2026-03-20
    """
    _register()
    from leeward.laws.queries import duties_of

    sheets = [duties_of(code, _day(on)) for code in _codes(codes)]
    if as_json:
        show(sheets, as_json=True)
        return 0
    for sheet in sheets:
        print(f"{sheet.country}  {sheet.name}")
        for duty in sheet.duties:
            print(f"    {duty.id} ({duty.phase}): {duty.who} -> {duty.to or 'not recorded'}")
            print(f"        how fast: {duty.speed_words or 'not recorded'}; {', '.join(duty.citations)}")
        if not sheet.duties:
            print(f"    {sheet.no_duty or 'no duty to report is recorded'}")
        for work in sheet.works:
            print(f"    {work.title}: {work.state}")
    return 0


@app.command()
def draft(
    code: Annotated[str, typer.Argument(help="The country, such as LC.")],
    form: Annotated[str, typer.Option("--format", help="akn, docx, pdf, html or md.")] = "md",
    options: Annotated[Path | None, typer.Option(help="A JSON or YAML file with the choices.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; standard output without it.")] = None,
) -> int:
    """Draft the bill that closes a country's gaps, with a note beside each clause; all clauses where nothing is known.

    Example: leeward law draft LC --format docx --out bill.docx
    """
    laws = _register()
    from leeward.laws.drafting import formats
    from leeward.laws.rules.bill_options import parse_options
    from leeward.laws.yaml_text import read_yaml

    if form not in formats.TYPES:
        raise BadInput(what="--format", why=f"{form[:20]!r} is none of {', '.join(formats.TYPES)}")
    given = read_yaml(_text(options), name=str(options)) if options else {}
    wanted = next(iter(_codes([code])), "")
    made = formats.draft(laws, wanted, parse_options(given or {}), _day(None))
    content = formats.render(made, form)
    if out is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(what=str(out), why=error.strerror or "it can't be written") from None
    complain(f"{made.bill.title} for {made.bill.country_name} written to {out}.")
    return 0


@app.command()
def load(
    folder: Annotated[Path | None, typer.Argument(help="A folder of files; those that ship without it.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Give up changes made on the desk.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> int:
    """Load the register's files into the database: all of them or none.

    Example: leeward law load --dry-run
    """
    _register()
    from leeward.laws.services import load_register

    texts = None if folder is None else _folder(folder)
    rows = load_register(texts, actor=COMMAND, replace=replace, dry_run=dry_run)
    if as_json:
        show(rows, as_json=True)
        return 0
    for row in rows:
        if row.outcome != "unchanged":
            print(f"{row.code}\t{row.outcome}")
    same = sum(row.outcome == "unchanged" for row in rows)
    complain(f"{len(rows)} files {'looked at' if dry_run else 'loaded'}, {same} unchanged.")
    return 0


@app.command()
def export(
    code: Annotated[str | None, typer.Argument(help="Only this jurisdiction.", metavar="[CC]")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder, or a file for one jurisdiction; else the screen.")] = None,
) -> int:
    """Write the register's files as they are in force: byte for byte the loaded ones where nothing changed.

    Example: leeward law export --out law-files
    """
    laws = _register()
    from leeward.laws.queries import register_texts

    texts = register_texts()
    if code:
        wanted = str(laws.file(code.upper())["code"])
        texts = {wanted: texts[wanted]}
    if out is None:
        sys.stdout.write("---\n".join(texts.values()))
        return 0
    try:
        if code and not out.is_dir():
            out.write_bytes(texts[wanted].encode())
            return 0
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / f"{name}.yaml").write_bytes(text.encode())
    except OSError as error:
        raise BadInput(what=str(out), why=error.strerror or "it can't be written") from None
    complain(f"{len(texts)} files written to {out}.")
    return 0


@app.command(name="import-edition")
def import_edition(
    file: Annotated[Path, typer.Argument(help="CSV with the columns iso2, edition, c1 to c5, source.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> int:
    """Take a new edition of ICMEC's review into the database: all rows or none.

    Example: leeward law import-edition edition-10.csv --dry-run
    """
    _register()
    from leeward.laws import services
    from leeward.laws.rules.edition import BadEdition

    try:
        changes = services.import_edition(_text(file), name=file.name, actor=COMMAND, dry_run=dry_run)
    except BadEdition as error:
        for problem in error.problems:
            complain(f"{file.name}, {problem}.")
        complain("Nothing was imported.")
        return 2
    show(changes, as_json=as_json)
    countries = len({change.iso2 for change in changes})
    if not as_json:
        complain(f"{len(changes)} values of {countries} countries {'would change' if dry_run else 'changed'}.")
    return 0


def _folder(folder: Path) -> dict[str, str]:
    """The files of a folder by name, in order."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.name[:2].isupper())
    if not paths:
        raise BadInput(what=str(folder), why="there is no jurisdiction's file (such as JM.yaml) in it")
    return {path.name: _text(path) for path in paths}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(path), why=getattr(error, "strerror", None) or "it is not text (UTF-8)") from None


def _codes(given: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(code.strip().upper() for entry in given for code in entry.split(",") if code.strip())


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(what="--on", why=f"{text[:20]!r} is no day, written YYYY-MM-DD") from None


def _asked(laws: "Register", given: list[str]) -> list[str]:
    """The jurisdictions asked for, or all; an unknown one is refused."""
    codes = list(_codes(given)) or list(laws.files)
    for code in codes:
        laws.jurisdiction(code)
    return codes


def _json(path: Path) -> Any:
    name = "standard input" if str(path) == "-" else str(path)
    try:
        return json.loads(sys.stdin.read() if str(path) == "-" else _text(path))
    except json.JSONDecodeError as error:
        raise BadInput(what=f"{name}, line {error.lineno}", why=f"it is not JSON ({error.msg})") from None
    except RecursionError:
        raise BadInput(what=name, why="it is nested too deeply") from None


def _remind(*, as_json: bool) -> None:
    if not as_json:
        print(NOT_A_SCORECARD, file=sys.stderr)
