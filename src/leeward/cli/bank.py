"""`leeward bank`: known images: adding, looking up, bringing lists in, giving lists out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli import bank_lists, bank_police, bank_sources
from leeward.cli.bank_files import hashes_of_file, is_file, meanings_in
from leeward.cli.bank_lists import AsJson, HotlineName, readable
from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.hashbank.lists.services.importing import Outcome
    from leeward.hashbank.queries import Known
    from leeward.hashbank.rules.kinds import Hash

app = typer.Typer()
app.add_typer(
    bank_sources.app, name="sources", help="Other people's collections of hashes, pulled from and fed back to."
)
for _one in (bank_police.ask, bank_police.triage, bank_police.overlaps):
    app.command()(_one)
for _name, _act in (
    ("export", bank_lists.export_list),
    ("lists", bank_lists.lists),
    ("open-list", bank_lists.open_list),
    ("publish", bank_lists.publish),
    ("sign", bank_lists.sign),
    ("verify", bank_lists.verify),
):
    app.command(_name)(_act)
Hashes = Annotated[
    list[str],
    typer.Argument(metavar="HASH...", help="kind:hash, for example sha256:0123…; MD5, SHA-1 and SHA-256 need no kind."),
]
BankName = Annotated[str, typer.Option("--bank", help="The bank; created if it is new.")]
SourceName = Annotated[str, typer.Option("--source", help="Whose list it is; its votes are kept under this name.")]
FormName = Annotated[
    str,
    typer.Option(
        "--format",
        help="csv, vics, ncmec, threatexchange, threatexchange-csv or plain; detected from the file without it.",
    ),
]
_SHOWN = 20
_ALTERED = ("distance_bits", "bank", "alteration", "advice")
_FOUND = ("record_id", "match", "distance_bits", "bank", "state", "classification", "victim_status", "outcome")


@app.command("add")
def add(
    hashes: Annotated[
        list[str],
        typer.Argument(
            metavar="HASH|FILE...",
            help="kind:hash of one file; MD5, SHA-1 and SHA-256 need no kind. Or the file itself, with a / in its path or a dot in its name.",
        ),
    ],
    bank: BankName = "general",
    label: Annotated[str, typer.Option("--label", help="What the source calls it.")] = "",
    fact: Annotated[list[str] | None, typer.Option("--fact", help="A fact, name=value; may be repeated.")] = None,
    source: Annotated[str, typer.Option("--source", help="The source; the hotline itself without it.")] = "",
    hotline: HotlineName = "",
) -> int:
    """Add a known file by its hashes, or join them to the record of the same file; prints the record's number. The file itself is hashed and
    not kept; in a bank that keeps windows (leeward bank windows) parts of it are found too.

    Example: leeward bank add sha256:… pdq:… --fact act=posing --fact medium=photograph
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.services import add_record

        fields: dict[str, Any] = {"bank": bank, "facts": _facts(fact or []), "label": label, "source": source}
        if is_file(hashes[0]):
            if len(hashes) > 1:
                raise BadInput(what="add", why="it takes one file")
            found, windows, media = hashes_of_file(Path(hashes[0]))
            number = add_record(found, windows=windows, media=media, is_hashed_here=True, **fields, actor=actor)
        else:
            number = add_record(_read(hashes), **fields, actor=actor)
        print(number)
        if not source:
            _tell_what_waits(number)
    return 0


def _tell_what_waits(number: int) -> None:
    from leeward.hashbank.queries import record

    change = record(number).vote_change
    if change is not None:
        complain(
            f"record {number} is {change.before} as before: that it becomes {change.after} waits for a second person, on its page"
        )


@app.command("windows")
def windows(
    bank: Annotated[str, typer.Argument(metavar="BANK", help="The bank.")],
    keep: Annotated[
        bool, typer.Option("--keep/--drop", help="Keep the windows of files that are added from now on, or drop all.")
    ],
    hotline: HotlineName = "",
) -> int:
    """Say whether a bank keeps windows: codes of parts of the files that are hashed here, by which what was cropped out of them is found, for a
    person to look at. They are never given out.

    Example: leeward bank windows general --keep
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.services import keep_windows

        gone = keep_windows(bank, keeps=keep, actor=actor)
    print("windows of files that are added from now on are kept" if keep else f"{gone} windows are gone")
    return 0


@app.command("lookup")
def lookup(
    hashes: Annotated[
        list[str],
        typer.Argument(
            metavar="HASH|FILE...",
            help="kind:hash of one file; MD5, SHA-1 and SHA-256 need no kind. Or the file itself, with a / in its path or a dot in its name.",
        ),
    ],
    radius: Annotated[
        int, typer.Option("--radius", min=0, max=63, help="How many bits a picture hash may differ.")
    ] = 31,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Say what is known of one file by its hashes: known (the same file), near, harmless, conflict (some sources call it illegal, others
    harmless) or none; exits with 1 for known, near and conflict.

    Of the file itself `altered` says too which record it looks like once a frame, a crop or a small rotation is undone: for a person to look
    at, so that the match stays none.

    Example: leeward bank lookup sha256:… pdq:… --json
    """
    with in_hotline(hotline):
        from leeward.hashbank.queries import Known, known

        rows, altered = _of_file(hashes, radius) if is_file(hashes[0]) else (known(_read(hashes), radius=radius), None)
        if as_json:
            found = [{name: getattr(row, name) for name in Known.__dataclass_fields__} for row in rows]
            none = dict.fromkeys(Known.__dataclass_fields__) | {"match": "none", "may_decide": False}
            show([row | {"altered": altered} for row in found or [none]], as_json=True)
        elif altered is not None:
            print("\t".join([str(altered["record"]), "altered", *(str(altered[name]) for name in _ALTERED)]))
        else:
            show(rows, as_json=False, columns=_FOUND)
    return 1 if any(row.match in ("known", "near", "conflict") for row in rows) else 0


def _of_file(given: list[str], radius: int) -> "tuple[list[Known], dict[str, Any] | None]":
    from django.conf import settings

    from leeward.hashbank.uploads.services.checking import look_up_file
    from leeward.matching.lists import HashRefused

    if len(given) > 1:
        raise BadInput("leeward scan looks up many.", what="lookup", why="it takes one file")
    with readable(Path(given[0])), Path(given[0]).open("rb") as source:
        data = source.read(settings.LEEWARD.check_max_bytes + 1)
    if not data or len(data) > settings.LEEWARD.check_max_bytes:
        why = f"it has more than {settings.LEEWARD.check_max_bytes} bytes" if data else "it is empty"
        raise BadInput("Look it up by its hashes: leeward hash FILE --json", what=given[0], why=why)
    try:
        rows, altered = look_up_file(data, radius=radius)
    except HashRefused as error:
        raise BadInput(what=given[0], why=error.why) from error
    if altered is None:
        return rows, None
    return rows, {
        "record": altered.known.record_id,
        "alteration": altered.alteration,
        "distance_bits": altered.distance_bits,
        "bank": altered.known.bank,
        "advice": "review",
    }


@app.command("show")
def show_record(
    record_id: Annotated[int, typer.Argument(metavar="RECORD", help="The record's number.")],
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Show a record: its hashes, who says what, what police do, the cases in which it was seen.

    Example: leeward bank show 17 --json
    """
    with in_hotline(hotline):
        from leeward.hashbank.queries import record

        row = record(record_id)
        found: dict[str, Any] = {name: getattr(row, name) for name in row.__dataclass_fields__}
    found["hashes"] = [f"{one.kind}:{one.text}" for one in row.hashes]
    found["votes"] = [f"{vote.source}: {vote.verdict}" for vote in row.votes if vote.withdrawn_at is None]
    found["withdrawn"] = [f"{vote.source}: {vote.verdict}" for vote in row.votes if vote.withdrawn_at is not None]
    found["ruling"] = row.ruling and f"{row.ruling.verdict} by {row.ruling.by_name}: {row.ruling.reason}"
    change = row.vote_change
    found["vote_change"] = change and (
        f"{change.verdict} by {change.by_name}: {change.reason}; {change.before} becomes {change.after} once a second person confirms it"
    )
    if row.ruling and row.ruling.waits:
        found["ruling"] += "; it counts once a second person confirms it"
    found["investigations"] = [f"{one.agency} {one.reference}: {one.outcome}" for one in row.investigations]
    rows = [found] if as_json else [{"name": name, "value": value} for name, value in found.items()]
    show(rows, as_json=as_json)
    return 0


@app.command("banks")
def banks(hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """List the banks.

    Example: leeward bank banks --json
    """
    with in_hotline(hotline):
        from leeward.hashbank import queries

        show(queries.banks(), as_json=as_json)
    return 0


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list.")],
    source: SourceName,
    bank: BankName = "general",
    form: FormName = "",
    harmless: Annotated[
        bool, typer.Option("--harmless", help="A new bank holds known look-alikes that are no match.")
    ] = False,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="A fact of every entry that states none, name=value.")
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", help="By which table its categories are read; told by the file, but for iwf."),
    ] = "",
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category", help="What a category means: CATEGORY=illegal, not-illegal, harmless, disputed or leave-out."
        ),
    ] = None,
    categories: Annotated[
        Path | None,
        typer.Option(
            "--categories", help="A CSV table with the columns category and means, which somebody can review and keep."
        ),
    ] = None,
    errors: Annotated[Path | None, typer.Option("--errors", help="Write every error to this table.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Import a list. Entries that can't be used are named and left out; exits with 1 if there were any.

    Nothing is brought in while nobody has said what one of the list's categories means. An import that was
    stopped is taken up where it was.

    Example: leeward bank import list.json --source "Project VIC" --dry-run
    """
    with in_hotline(hotline) as actor, readable(file), progress_of("reading") as progress:
        from leeward.hashbank.lists.services import importing

        options: dict[str, Any] = {
            "source": source,
            "bank": bank,
            "harmless": harmless,
            "format_name": form,
            "profile": profile,
            "mapping": (meanings_in(categories) if categories else {}) | mapping_of(category or []),
            "errors": errors,
        }
        if dry_run:
            done = importing.preview_import(file, **options, actor=actor, progress=progress)
        else:
            done = importing.import_list(file, **options, facts=_facts(fact or []), actor=actor, progress=progress)
    return _tell(done, file, as_json=as_json)


@app.command("test-record")
def prove(
    out: Annotated[Path | None, typer.Option("--out", help="Write the picture here.")] = None, hotline: HotlineName = ""
) -> int:
    """Add the test record: a harmless, generated picture that every client finds and that decides nothing.

    Example: leeward bank test-record --out test.png
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.records.services.proving import keep_test_record, proof_picture

        print(f"record {keep_test_record(actor=actor)}, bank test")
        if out is not None:
            with readable(out):
                out.write_bytes(proof_picture())
    return 0


@app.command("rebuild")
def rebuild(hotline: HotlineName = "") -> int:
    """Rebuild the index of picture hashes from the database; it is kept up to date automatically, so this is for a lost disk.

    Example: leeward bank rebuild
    """
    with in_hotline(hotline):
        from leeward.hashbank.records import live

        print(f"{live.rebuild()} picture hashes")
    return 0


def _read(texts: list[str]) -> "list[Hash]":
    from leeward.hashbank.rules.kinds import guess_kind, read_hash

    found = []
    for text in texts:
        kind, _, value = text.rpartition(":")
        found.append(read_hash(kind.lower() or guess_kind(value) or "sha256", value))
    return found


def _facts(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, sign_, value = text.partition("=")
        if not sign_:
            raise BadInput(what=f"The fact {text[:40]!r}", why="it is not name=value")
        found[name.strip()] = value.strip()
    return found


def mapping_of(given: list[str]) -> dict[str, str]:
    """Return the meanings given for categories as CATEGORY=meaning; raises BadInput."""
    from leeward.hashbank.rules.categories import NAMES

    found = {}
    for text in given:
        name, sign_, value = text.rpartition("=")
        if not sign_ or not name.strip() or value.strip() not in NAMES:
            raise BadInput(
                what=f"The category {text[:40]!r}", why=f"it is not CATEGORY=meaning with {', '.join(NAMES)}"
            )
        found[name.strip()] = NAMES[value.strip()]
    return found


def _tell(done: "Outcome", file: Path, *, as_json: bool) -> int:
    from leeward.hashbank.rules.categories import NAMES

    words = {code: name for name, code in NAMES.items()}
    row = {
        "format": done.format,
        "entries": done.rows,
        "added": done.added,
        "joined": done.joined,
        "withdrawn": done.withdrawn,
        "left_out": done.left_out,
        "broken": done.broken,
        "damaged": done.damaged,
        "whole": done.is_whole,
        "import": done.import_id,
    }
    categories = {
        name: {"count": counted["count"], "means": words.get(counted["means"], "unmapped")}
        for name, counted in done.categories.items()
    }
    path = str(done.errors.path) if done.errors is not None and done.problems else None
    if as_json:
        problems = [{done.counts: place, "why": str(why)} for place, why in done.problems]
        more = {"profile": done.profile, "categories": categories, "errors": path, "unmapped": done.unmapped}
        counts = {"kinds": dict(done.kinds), "changes": dict(done.effects.counts)}
        show([row | more | counts | {"problems": problems}], as_json=True)
    else:
        print(", ".join(f"{name} {value}" for name, value in row.items()))
        for name, counted in categories.items():
            print(f"category {name}: {counted['count']} entries, {counted['means']}")
        for effect, count in done.effects.counts.most_common():
            first = ", ".join(map(str, done.effects.records.get(effect, ())))
            what = f"records that are there already, first {first}" if first else "new records"
            print(f"changes {effect}: {count} {what}")
        for place, why in done.problems[:_SHOWN]:
            complain(f"{file}, {done.counts} {place}: {why}")
        if path:
            complain(f"{file}: {done.broken + done.damaged} errors in all; every one is in {path}")
        for name in done.unmapped:
            complain(
                f"Nobody has said what category {name} means: give --category {name}=leave-out or another meaning."
            )
    return 1 if done.broken or done.damaged or done.unmapped else 0
