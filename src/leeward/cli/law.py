"""`leeward law`: the register of laws and what they make of a set of facts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli import law_register, law_try
from leeward.cli.arguments import codes as codes_of
from leeward.cli.arguments import day, json_content, text
from leeward.cli.law_register import Json, register
from leeward.cli.output import NotWritten, complain, show
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.laws.register import Register

app = typer.Typer()
FactsFile = Annotated[Path, typer.Option(help="A JSON file with the facts; - reads standard input.")]
More = Annotated[list[str] | None, typer.Argument(help="More jurisdictions.", metavar="[CC]...")]
Only = Annotated[list[str] | None, typer.Option(help="Only these; all without it.")]
LawOfDay = Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")]

OPINION_COLUMNS = ("jurisdiction", "opinion", "because", "would_settle")
PROVISION_COLUMNS = ("jurisdiction", "instrument", "section", "topic", "value", "status", "seen", "says")
NOT_A_SCORECARD = "A review to help, not a scorecard. Nothing here is legal advice."


app.command()(law_register.load)
app.command()(law_register.export)
app.command(name="import-edition")(law_register.import_edition)
app.command()(law_register.sheet)
app.command(name="take-sheet")(law_register.take_sheet)
app.command(name="try")(law_try.try_bill)


@app.command()
def status(
    edition: Annotated[
        str | None, typer.Option(help="ICMEC's edition; without it the newest that speaks of most states.")
    ] = None,
    band: Annotated[str | None, typer.Option(help="Only states of this band: 0, 1-3 or 4-5.")] = None,
    as_json: Json = False,
) -> int:
    """Every Commonwealth state's band and what is known of criteria 1 to 5.

    Example: leeward law status --edition 7 --band 0
    """
    laws = register()
    from leeward.laws.pages import standing
    from leeward.laws.rules.gaps import BANDS

    known = standing.editions(laws)
    wanted = edition or standing.default_edition(laws)
    if wanted not in known:
        raise BadInput(
            what="--edition", why=f"nothing is recorded about edition {wanted[:20]}, only of {', '.join(known)}"
        )
    if band is not None and band not in BANDS:
        raise BadInput(what="--band", why=f"{band[:20]} is not one of {', '.join(BANDS)}")
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
    laws = register()
    from leeward.laws.pages.standing import gaps_of

    rows = [gaps_of(laws.file(code), edition) for code in codes_of(codes)]
    if as_json:
        show(rows, as_json=True)
        return 0
    for row in rows:
        count = str(row.fewest) if row.fewest == row.most else f"{row.fewest} to {row.most}"
        found = f"edition {row.named} found {count} of criteria 1 to 4 not met" if row.edition else "no edition says"
        print(f"{row.iso2}  {row.name}: {found}")
        for words, names in (("not met", row.missing), ("met", row.met), ("not known", row.unknown)):
            if names:
                print(f"    {words}: {', '.join(names)}")
        if row.would_settle:
            print(
                f"    would settle {', '.join(row.would_settle)}: its row in the review's table, or counsel's reading"
            )
        print(f"    grooming, counted separately: {row.grooming}")
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
    register()
    from leeward.laws.pages import standing

    show(standing.edition_counts() if editions else standing.figures(), as_json=as_json)
    return 0


@app.command()
def legality(
    facts: FactsFile,
    more: More = None,
    jurisdiction: Only = None,
    on: LawOfDay = None,
    as_json: Json = False,
) -> int:
    """What the law of each jurisdiction says about a set of facts: likely illegal, unlikely, or undetermined.

    Example: leeward law legality --facts facts.json --jurisdiction JM --json
    """
    laws = register()
    from leeward.laws.queries import opinion_values, opinions_for
    from leeward.laws.rules.facts import parse_facts

    stated = parse_facts(json_content(facts))
    codes, when = _jurisdictions(laws, [*(jurisdiction or ()), *(more or ())]), day(on)
    laws.refuse_before_any_law(codes, when)
    rows = [opinion_values(row) for row in opinions_for(stated, codes, when)]
    show(rows, as_json=as_json, columns=None if as_json else OPINION_COLUMNS)
    return 0


@app.command()
def solicitation(
    facts: FactsFile,
    more: More = None,
    jurisdiction: Only = None,
    on: LawOfDay = None,
    as_json: Json = False,
) -> int:
    """What each law on soliciting a child says about an approach, and what an officer would still have to find.

    Facts are ages, yes, no or unknown; no message is needed. Example: leeward law solicitation --facts facts.json
    """
    laws = register()
    from leeward.laws.queries import opinion_values, solicitation_for
    from leeward.laws.rules.solicitation import parse_solicitation

    stated = parse_solicitation(json_content(facts))
    codes = _jurisdictions(laws, [*(jurisdiction or ()), *(more or ())])
    rows = [opinion_values(row) for row in solicitation_for(stated, codes, day(on))]
    show(rows, as_json=as_json, columns=None if as_json else OPINION_COLUMNS)
    return 0


@app.command()
def duties(
    codes: Annotated[list[str], typer.Argument(help="Jurisdictions, such as CA.")],
    on: Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")] = None,
    as_json: Json = False,
) -> int:
    """Who must report what, to whom, how fast, and the state of each instrument on a day.

    Example: leeward law duties GB --on 2026-03-20
    """
    register()
    from leeward.laws.queries import duties_of

    sheets = [duties_of(code, day(on)) for code in codes_of(codes)]
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
def provisions(
    codes: Annotated[list[str], typer.Argument(help="Jurisdictions, such as AG.")],
    topic: Annotated[str | None, typer.Option(help="Only this topic, such as possession.")] = None,
    on: Annotated[str | None, typer.Option(help="The day of the law, YYYY-MM-DD; today without it.")] = None,
    as_json: Json = False,
) -> int:
    """What was found in each country's statutes, topic by topic, with its source and whether the passage itself was read.

    Example: leeward law provisions AG --topic possession --json
    """
    laws = register()
    from leeward.laws.rules.provisions import SEARCHED, TOPICS, readings_of

    if topic is not None and topic not in (*TOPICS, SEARCHED):
        raise BadInput(what="--topic", why=f"{topic[:30]!r} is not one of {', '.join((*TOPICS, SEARCHED))}")
    when = day(on)
    rows = [row for code in codes_of(codes) for row in readings_of(laws.file(code), when, topic)]
    if as_json:
        show([row.row() for row in rows], as_json=True)
    else:
        show(rows, as_json=False, columns=PROVISION_COLUMNS)
    _remind(as_json=as_json)
    return 0


@app.command()
def draft(
    code: Annotated[str, typer.Argument(help="The country, such as LC.")],
    form: Annotated[str, typer.Option("--format", help="akn, docx, pdf, html or md.")] = "md",
    options: Annotated[Path | None, typer.Option(help="A JSON or YAML file with the choices.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; standard output without it.")] = None,
) -> int:
    """Draft what closes a country's gaps: an Act, an Act that amends, or model provisions where nobody has read the law.

    Where nothing is missing and nothing unknown there is nothing to draft (exit 2); `clauses: all` gives the whole model.

    Example: leeward law draft LC --format docx --out bill.docx
    """
    laws = register()
    from leeward.laws.drafting import formats
    from leeward.laws.files.yaml_text import read_yaml
    from leeward.laws.rules.bill_options import parse_options

    if form not in formats.TYPES:
        raise BadInput(what="--format", why=f"{form[:20]!r} is not one of {', '.join(formats.TYPES)}")
    given = read_yaml(text(options), name=str(options)) if options else {}
    wanted = next(iter(codes_of([code])), "")
    made = formats.draft(laws, wanted, parse_options(given or {}), day(None))
    content = formats.render(made, form)
    if out is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        out.write_bytes(content)
    except OSError as error:
        raise NotWritten.of(out, error) from None
    complain(f"{made.bill.title} for {made.bill.country_name} written to {out}.")
    return 0


def _jurisdictions(laws: "Register", given: list[str]) -> list[str]:
    """The jurisdictions asked for, or all; an unknown one is refused."""
    codes = codes_of(given) or list(laws.files)
    for code in codes:
        laws.jurisdiction(code)
    return codes


def _remind(*, as_json: bool) -> None:
    if not as_json:
        print(NOT_A_SCORECARD, file=sys.stderr)
