"""`leeward language`: how far each language is, who has read it, files out and in."""

from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput

app = typer.Typer()
Tag = Annotated[str, typer.Argument(metavar="LANGUAGE", help="A language tag, such as fr.")]
COLUMNS = ("language", "name", "covers", "texts", "translated", "reviewed", "made_by", "reviewed_by", "reviewed_at")


@app.command("list")
def list_languages(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> int:
    """List the languages: how many texts each has, how many a person has read, who read it through.

    Example: leeward language list --json
    """
    _begin()
    from leeward.languages.queries import languages

    show(languages(), as_json=as_json, columns=COLUMNS)
    return 0


@app.command("review")
def review(
    language: Tag, by: Annotated[str, typer.Option("--by", help="The native speaker who has read it through.")]
) -> int:
    """Say that a native speaker has read a language through; administrators are no longer reminded.

    Example: leeward language review fr --by "Marie Example"
    """
    _begin()
    from leeward.languages.services import review_language

    review_language(language, by=by, actor=Actor(kind="command"))
    print(f"{language}: read through by {by}.")
    return 0


@app.command("export")
def export(
    language: Tag, out: Annotated[str, typer.Option("--out", help="A file; standard output without it.")] = ""
) -> int:
    """Write a language as a PO file, for any PO editor.

    Example: leeward language export fr --out fr.po
    """
    _begin()
    from leeward.languages.queries import as_po

    text = as_po(language)
    if out:
        try:
            Path(out).write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadInput(what=out, why=str(error.strerror).lower()) from error
    else:
        print(text)
    return 0


@app.command("import")
def bring(
    language: Tag,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PO file in UTF-8.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> int:
    """Import a PO file that a person has worked on; what does not fit is named and left out.

    Example: leeward language import fr fr.po --dry-run
    """
    _begin()
    from leeward.languages.services import read_po, review_texts

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(what=str(file), why=error.strerror or "it can't be opened") from None
    actor = Actor(kind="command")
    brought = read_po(language, data, actor=actor)
    for source, why in brought.refused:
        print(f"left out: {' '.join(source.split())[:100]!r}: {why}")
    if not dry_run:
        review_texts(language, brought.changes, actor=actor)
    word = "would change" if dry_run else "changed"
    print(
        f"{len(brought.changes)} {'text' if len(brought.changes) == 1 else 'texts'} {word}, {brought.same} stay, {len(brought.refused)} left out"
    )
    return 1 if brought.refused else 0


def _begin() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
