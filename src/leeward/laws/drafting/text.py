"""The bill as HTML and Markdown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.html import escape

from leeward.laws.rules.bill_clauses import Bill, Blank, Chosen, Clause, Reference, Run

if TYPE_CHECKING:
    from leeward.laws.drafting.formats import Draft

DISCLAIMER = "A draft to start from, made from the Commonwealth IGF toolkit's Appendices IV and V. Not legal advice."
ENACTING = "[enacting words]"
_UNITS = ("part", "schedule")
_LITERAL = str.maketrans({"<": "&lt;", **{letter: f"\\{letter}" for letter in "[]*`"}})

_STYLE = """
@page { size: A4; margin: 25mm 22mm; @bottom-center { content: counter(page); font: 9pt sans-serif; } }
body { font: 11pt/1.5 "DejaVu Serif", serif; max-width: 44em; margin: 2em auto; padding: 0 1em; }
h1, h2, h3 { line-height: 1.25; break-after: avoid; } h2 { margin-top: 2em; text-align: center; }
h2:has(.num) { text-align: start; } h3 { margin-top: 1.4em; }
.line { margin: .4em 0; } .subsection, .paragraph, .subparagraph, .definition, .item { margin-left: 2em; }
blockquote { margin: .6em 0 .6em 1.2em; padding-left: 1em; border-left: 1px solid #888; }
.num { display: inline-block; min-width: 2em; } .blank { border-bottom: 1px solid; padding: 0 .4em; color: #555; }
.note { font: 9pt/1.45 "DejaVu Sans", sans-serif; border-left: 3px solid #b0690f; padding-left: .8em; margin: .6em 0 1em; color: #333; }
.statement { break-before: page; font: 10pt/1.5 "DejaVu Sans", sans-serif; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: 9pt; } caption { text-align: left; font-weight: bold; break-after: avoid; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; } tr { break-inside: avoid; }
"""


def as_html(made: "Draft") -> str:
    """Return the bill as a self-contained page."""
    bill = made.bill
    enacting = f"<p>{ENACTING}</p>\n" if bill.kind in ("act", "amending") else ""
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width">\n',
            f"<title>{escape(bill.title)} ({escape(bill.country_name)})</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
            f"<main>\n<p>{escape(bill.country_name)}</p>\n<h1>{escape(bill.title)}</h1>\n",
            f'<p class="note">{escape(DISCLAIMER)}</p>\n<p>{escape(bill.long_title)}.</p>\n{enacting}',
            *(line for clause in bill.body for line in _html(clause, made)),
            *_statement(made),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _html(clause: Clause, made: "Draft") -> Iterator[str]:
    number = escape(clause.number)
    match clause.level:
        case "part" | "schedule":
            yield f'<h2 id="{clause.eid}">{number}. {escape(clause.heading)}</h2>\n'
        case "section":
            tag = "h2" if made.bill.kind == "amending" and not clause.typed else "h3"
            yield f'<{tag} id="{clause.eid}"><span class="num">{number}</span> {escape(clause.heading)}</{tag}>\n'
            if clause.runs:
                yield f'<p class="line">{html_runs(clause.runs, made.bill)}</p>\n'
        case _:
            lead = f'<span class="num">{number}</span> ' if number else ""
            text = html_runs(clause.runs, made.bill)
            yield f'<div class="{clause.level}" id="{clause.eid}"><p class="line">{lead}{text}</p>\n'
    for child in clause.children:
        yield from _html(child, made)
    if clause.quoted:
        yield "<blockquote>\n"
        for row in clause.quoted:
            yield from _html(row, made)
        yield "</blockquote>\n"
    if clause.level not in (*_UNITS, "section"):
        yield "</div>\n"
    if clause.id in made.notes:
        yield f'<p class="note">{escape(" ".join(made.notes[clause.id].sentences))}</p>\n'


def _statement(made: "Draft") -> Iterator[str]:
    yield f'<section class="statement">\n<h2>{escape(made.statement.name)}</h2>\n'
    for heading, paragraphs in made.statement.blocks:
        yield f"<h3>{escape(heading)}</h3>\n"
        for text in paragraphs:
            yield f"<p>{escape(text)}</p>\n"
    if made.compared:
        yield "<h3>Comparable provisions</h3>\n"
    for table in made.compared.values():
        yield f"<table>\n<caption>{escape(table.name)}</caption>\n<thead><tr>"
        yield '<th scope="col">State</th><th scope="col">Provision</th><th scope="col">What it says</th></tr></thead>\n<tbody>\n'
        for state, provision, summary in table.rows:
            yield f'<tr><th scope="row">{escape(state)}</th><td>{escape(provision)}</td><td>{escape(summary)}</td></tr>\n'
        yield "</tbody>\n</table>\n"
    yield "</section>\n"


def html_runs(runs: tuple[Run, ...], bill: Bill) -> str:
    """Render a text as HTML."""
    return "".join(html_run(run, bill) for run in runs)


def html_run(run: Run, bill: Bill) -> str:
    """Render a piece of text as HTML: references link to their clause, choices are highlighted, blanks are shown."""
    if isinstance(run, Reference):
        return f'<a href="#{bill.clause(run.to).eid}">{escape(run.text)}</a>'
    if isinstance(run, Blank):
        return f'<span class="blank">{escape(run.what)}</span>'
    if isinstance(run, Chosen):
        return f"<ins>{escape(run.text)}</ins>"
    return str(escape(run.text))


def as_markdown(made: "Draft") -> str:
    """Return the bill as Markdown."""
    bill = made.bill
    head = [
        f"{bill.country_name}\n", f"# {_literal(bill.title)}\n", f"> {DISCLAIMER}\n", f"{_literal(bill.long_title)}.\n",
    ]  # fmt: skip
    if bill.kind in ("act", "amending"):
        head.append(f"\\{ENACTING}\n")
    lines = [line for clause in bill.body for line in _markdown(clause, made, 0)]
    return "\n".join([*head, *lines, *_markdown_statement(made)])


def _markdown(clause: Clause, made: "Draft", depth: int, quote: str = "") -> Iterator[str]:
    text = "".join(_plain(run) for run in clause.runs)
    is_unit = clause.level in (*_UNITS, "section")
    match clause.level:
        case "part" | "schedule":
            yield f"{quote}## {clause.number}. {_literal(clause.heading)}\n"
        case "section":
            yield f"{quote}### {clause.number}. {_literal(clause.heading)}\n"
            if text:
                yield f"{quote}{text}\n"
        case _:
            yield f"{quote}{'    ' * (depth - 1)}- {clause.number} {text}\n".replace("-  ", "- ")
    below = 1 if is_unit else depth + 1
    for child in clause.children:
        yield from _markdown(child, made, below, quote)
    for row in clause.quoted:
        yield from _markdown(row, made, 1, "> ")
    if clause.id in made.notes:
        indent = "" if is_unit else "    " * depth
        yield f"{quote}{indent}> {_literal(' '.join(made.notes[clause.id].sentences))}\n"


def _markdown_statement(made: "Draft") -> Iterator[str]:
    yield f"## {made.statement.name}\n"
    for heading, paragraphs in made.statement.blocks:
        yield f"### {_literal(heading)}\n"
        for text in paragraphs:
            yield f"{_literal(text)}\n"
    for table in made.compared.values():
        yield f"### Comparable provisions: {table.name}\n"
        yield "| State | Provision | What it says |\n|---|---|---|"
        for row in table.rows:
            yield f"| {' | '.join(_literal(text).replace('|', chr(92) + '|') for text in row)} |"
        yield ""


def _plain(run: Run) -> str:
    return f"\\[{run.what}\\]" if isinstance(run, Blank) else _literal(run.text)


def _literal(text: str) -> str:
    """Return text that Markdown shows as it is: titles of instruments bring no markup and no links."""
    return text.translate(_LITERAL)


def plain_text(runs: tuple[Run, ...]) -> str:
    """Return the words of a clause, with blanks in brackets."""
    return "".join(f"[{run.what}]" if isinstance(run, Blank) else run.text for run in runs)
