"""The bill as HTML and as Markdown."""

from collections.abc import Iterator, Mapping

from django.utils.html import escape

from leeward.laws.drafting.notes import Note
from leeward.laws.rules.bill import Bill, Blank, Chosen, Clause, Reference, Run

DISCLAIMER = "A draft to start from, made from the Commonwealth IGF toolkit's Appendices IV and V. Not legal advice."

_STYLE = """
@page { size: A4; margin: 25mm 22mm; @bottom-center { content: counter(page); font: 9pt sans-serif; } }
body { font: 11pt/1.5 "DejaVu Serif", serif; max-width: 44em; margin: 2em auto; }
h1, h2, h3 { line-height: 1.25; break-after: avoid; } h2 { margin-top: 2em; text-align: center; } h3 { margin-top: 1.4em; }
.line { margin: .4em 0; } .subsection, .paragraph { margin-left: 2em; } .subparagraph { margin-left: 2em; }
.num { display: inline-block; min-width: 2em; } .blank { border-bottom: 1px solid; padding: 0 1em; color: #555; }
.note { font: 9pt/1.45 "DejaVu Sans", sans-serif; border-left: 3px solid #b0690f; padding-left: .8em; margin: .6em 0 1em; color: #333; }
"""


def as_html(bill: Bill, notes: Mapping[str, Note]) -> str:
    """Return the bill as one page that stands alone."""
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f"<title>{escape(bill.title)} ({escape(bill.country_name)})</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
            f"<main>\n<p>{escape(bill.country_name)}</p>\n<h1>{escape(bill.title)}</h1>\n",
            f'<p>{escape(bill.long_title)}.</p>\n<p class="note">{escape(DISCLAIMER)}</p>\n',
            *(line for part in bill.parts for line in _html(part, bill, notes)),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _html(clause: Clause, bill: Bill, notes: Mapping[str, Note]) -> Iterator[str]:
    number = escape(clause.number)
    match clause.level:
        case "part":
            yield f'<h2 id="{clause.eid}">{number}. {escape(clause.heading)}</h2>\n'
        case "section":
            yield f'<h3 id="{clause.eid}"><span class="num">{number}</span> {escape(clause.heading)}</h3>\n'
            if clause.runs:
                yield f'<p class="line">{_html_runs(clause.runs, bill)}</p>\n'
        case _:
            text = _html_runs(clause.runs, bill)
            yield f'<div class="{clause.level}" id="{clause.eid}"><p class="line"><span class="num">{number}</span> {text}</p>\n'
    for child in clause.children:
        yield from _html(child, bill, notes)
    if clause.level not in ("part", "section"):
        yield "</div>\n"
    if clause.id in notes:
        yield f'<p class="note">{escape(" ".join(notes[clause.id].sentences))}</p>\n'


def _html_runs(runs: tuple[Run, ...], bill: Bill) -> str:
    return "".join(html_run(run, bill) for run in runs)


def html_run(run: Run, bill: Bill) -> str:
    """One piece of text as HTML: references lead to their clause, choices are marked, blanks are blanks."""
    if isinstance(run, Reference):
        return f'<a href="#{bill.clause(run.to).eid}">{escape(run.words)}</a>'
    if isinstance(run, Blank):
        return f'<span class="blank">{escape(run.what)}</span>'
    if isinstance(run, Chosen):
        return f"<ins>{escape(run.words)}</ins>"
    return str(escape(run.words))


def as_markdown(bill: Bill, notes: Mapping[str, Note]) -> str:
    """Return the bill as Markdown."""
    head = [f"{bill.country_name}\n", f"# {bill.title}\n", f"{bill.long_title}.\n", f"> {DISCLAIMER}\n"]
    return "\n".join([*head, *(line for part in bill.parts for line in _markdown(part, notes, 0))])


def _markdown(clause: Clause, notes: Mapping[str, Note], depth: int) -> Iterator[str]:
    text = "".join(_plain(run) for run in clause.runs)
    match clause.level:
        case "part":
            yield f"## {clause.number}. {clause.heading}\n"
        case "section":
            yield f"### {clause.number}. {clause.heading}\n"
            if text:
                yield f"{text}\n"
        case _:
            yield f"{'    ' * (depth - 1)}- {clause.number} {text}\n"
    below = depth + 1 if clause.level not in ("part", "section") else 1
    for child in clause.children:
        yield from _markdown(child, notes, below)
    if clause.id in notes:
        indent = "    " * depth if clause.level not in ("part", "section") else ""
        yield f"{indent}> {' '.join(notes[clause.id].sentences)}\n"


def _plain(run: Run) -> str:
    return f"\\[{run.what}\\]" if isinstance(run, Blank) else run.words


def plain_text(runs: tuple[Run, ...]) -> str:
    """The words of a clause, blanks in brackets."""
    return "".join(f"[{run.what}]" if isinstance(run, Blank) else run.words for run in runs)
