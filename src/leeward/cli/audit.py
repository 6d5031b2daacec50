"""`leeward audit`: check and export the log."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.arguments import policy as policy_in
from leeward.cli.output import complain, show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.audit.queries import Verdict
    from leeward.audit.rules.policy import Policy

app = typer.Typer()
UNSIGNED = timedelta(hours=2)
ANEW_WITHIN = timedelta(minutes=15)  # of the confirming of a restoring, each log has begun anew
NOT_COMPARED = "The log is not compared with what it has signed."


@app.command()
def verify(
    file: Annotated[Path | None, typer.Option(help="Check an exported file instead of the database.")] = None,
    key: Annotated[
        str | None, typer.Option(help="The public key of the log that you trust (base64), for an exported file.")
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Whom you trust: a file with lines log VKEY, witness VKEY ADDRESS, need NUMBER, kept outside this installation; without it "
            "the one that LEEWARD_LOG_POLICY names."
        ),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the witnesses themselves what they last signed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a chain.")] = False,
) -> int:
    """Check every row of every chain; exit with 1 and name the first bad row if one was changed, removed or cut off, and also if the signer
    can't say what it has signed.

    With a policy, the newest checkpoint must also be signed by the log and seen by enough witnesses in the last 26 hours; what came
    after it is vouched for by nobody. With --ask, enough of them must say now that they have seen nothing else.

    Example: leeward audit verify --ask --json
    """
    if file and ask:
        raise BadInput(what="--ask", why="whoever has a file alone has nothing to show the witnesses")
    if file and policy and key:
        raise BadInput(what="--key", why="the policy names the keys")
    trusted = policy_in(policy) if policy else None if file and key else _policy_set()
    verdicts, not_compared = (_of_file(file, key, trusted), "") if file else _of_database(trusted)
    rows = [_row(each, is_file=file is not None) for each in verdicts]
    _add_not_compared(rows, not_compared)
    if not file and trusted is not None:
        _add_witnessed(rows, trusted, skips_age=ask)
    if ask:
        _add_asked(rows, trusted)
    if as_json:
        show(rows, as_json=True)
    for row in rows:
        if not as_json:
            print(f"chain {row['chain']}: {row['rows']} rows, {row['problem'] or 'all good'}")
            for line in _notes(row):
                print(f"  {line}")
    return 0 if all(row["ok"] for row in rows) else 1


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="Where to write; standard output without it.")] = None,
    chain: Annotated[int | None, typer.Option(help="Only this hotline's chain (its number).")] = None,
) -> int:
    """Write the log as JSON lines that can be checked without the database.

    Example: leeward audit export --out log.jsonl && leeward audit verify --file log.jsonl
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.export import write_log

    if out is None:
        write_log(sys.stdout, chain)
        return 0
    with out.open("w", encoding="utf-8") as target:
        count = write_log(target, chain)
    complain(f"{count} rows written to {out}.")
    return 0


def _of_database(policy: "Policy | None") -> "tuple[list[Verdict], str]":
    """Return the verdicts, and why they weren't held against what the signer has signed, where there is one and it can't be asked."""
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.errors import SignerRefused, SignerSilent
    from leeward.audit.export import left_out
    from leeward.audit.queries import chains, verdict
    from leeward.audit.tree.checkpoints import OF_LOGS, log_name, own_log_key
    from leeward.audit.tree.stored import names
    from leeward.people.queries import hotlines

    signer, silent = None, ""
    try:
        signer = own_log_key()
    except (SignerSilent, SignerRefused) as error:
        silent = error.text
        complain(f"{silent} Its key is taken from the checkpoints themselves.")
    opened = {hotline.id for hotline in hotlines()}  # opening a hotline is the first row of its log
    found = [verdict(each, is_begun=each in opened, signer=signer) for each in sorted({*chains(), *opened})]
    found, not_compared = _held_against_signer(found, silent)
    named = [*names(), *((each.chain, f"{log_name()}{OF_LOGS}{each.chain}") for each in found)]
    return [*found, *(left_out(policy, named) if policy else ())], not_compared


def _held_against_signer(found: "list[Verdict]", silent: str) -> "tuple[list[Verdict], str]":
    """Return the verdicts with a fault for each log that is whole in itself, and of which the signer, if there is one, has signed
    something else; and why it couldn't be asked, or "". While a restoring waits for a person, it isn't asked, nor again if it was `silent`."""
    from leeward.audit.errors import SignerRefused, SignerSilent
    from leeward.audit.queries import Verdict
    from leeward.audit.tree import signing
    from leeward.audit.tree.agreeing import unspoken
    from leeward.backup.queries import is_held, last_restoration

    if is_held() or signing.is_missing():
        return found, ""
    if silent:
        return found, f"{silent} {NOT_COMPARED}"
    restored = last_restoration()
    confirmed_at = restored.confirmed_at if restored else None
    is_just_restored = confirmed_at is not None and abs(datetime.now(UTC) - confirmed_at) < ANEW_WITHIN
    try:
        faults = unspoken(may_lack_logs=restored is not None, may_lack_rows=is_just_restored)
    except (SignerSilent, SignerRefused) as error:
        return found, f"{error.text} {NOT_COMPARED}"
    held = [each if each.fault else replace(each, fault=faults.get(each.chain)) for each in found]
    gone = faults.keys() - {each.chain for each in found}
    return [*held, *(Verdict(chain, 0, faults[chain]) for chain in sorted(gone))], ""


def _of_file(file: Path, key: str | None, policy: "Policy | None") -> "list[Verdict]":
    from leeward.site.start import start

    start()
    from leeward.audit.export import verdicts_of_file

    try:
        with file.open(encoding="utf-8") as source:
            return verdicts_of_file(source, file.name, key, policy)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(file), why=getattr(error, "strerror", None) or "it is not text") from error


def _row(verdict: "Verdict", *, is_file: bool) -> "dict[str, Any]":
    """Return the verdict on a chain for display. In a database, rows that nobody has signed for two hours are a problem, too."""
    row: dict[str, Any] = {
        "chain": verdict.chain,
        "rows": verdict.rows,
        "ok": verdict.fault is None,
        "first_bad_row": verdict.fault.number if verdict.fault else None,
        "problem": f"Row {verdict.fault.number} {verdict.fault.what}." if verdict.fault else None,
    }
    if is_file:
        return row
    row["signed"] = verdict.signed
    row["backward"] = [each.sentence for each in verdict.backward]
    if verdict.fault is None and _is_old(verdict.unsigned_since):
        row["ok"] = False
        row["problem"] = (
            f"Nobody has signed row {verdict.signed + 1} of {verdict.unsigned_since[:16]} and what follows it."
        )
    return row


def _add_not_compared(rows: "list[dict[str, Any]]", why: str) -> None:
    """Make it the problem of each chain that has no other that nobody could compare it with what the signer has signed."""
    for row in rows:
        if why and row["ok"]:
            row["ok"], row["problem"] = False, why


def _is_old(at: str) -> bool:
    try:
        return bool(at) and datetime.now(UTC) - datetime.fromisoformat(at) > UNSIGNED
    except (ValueError, TypeError):
        return True


def _notes(row: "dict[str, Any]") -> "list[str]":
    """Return what is said of a chain beside the verdict."""
    lines = [str(row["witnessed"])] if "witnessed" in row else []
    lines += [f"{each['name']} {each['answer']}." for each in row.get("asked", [])]
    return [*lines, *row.get("backward", [])]


@app.command()
def checkpoint(
    chain: Annotated[int | None, typer.Option(help="Only this hotline's chain (its number).")] = None,
) -> int:
    """Have all rows signed now by the signer, as happens by itself within ten minutes, and show them to the witnesses, as happens
    hourly; print the signed notes.

    Example: leeward audit checkpoint --chain 1
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.tree.checkpoints import chains_with_rows, publish
    from leeward.audit.tree.stored import note_of
    from leeward.witnessing.services import show_now

    for each in chains_with_rows() if chain is None else [chain]:
        published = publish(each, datetime.now(UTC))
        for problem in show_now(each, published, datetime.now(UTC)):
            complain(problem)
        print(note_of(published.row).text)
    return 0


@app.command()
def prove(
    row: Annotated[int, typer.Argument(help="The row's number in its chain.")],
    chain: Annotated[int, typer.Option(help="The hotline's chain (its number); 0 is the installation's.")],
    out: Annotated[Path, typer.Option(help="A new folder for the row, its proof, and how to check both.")],
) -> int:
    """Write the proof that a row stands in the log, for a court: checked by check-proof, or by openssl alone.

    Example: leeward audit prove 120 --chain 1 --out proof-120
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.rules.notes import NoteRefused
    from leeward.audit.tree.checkpoints import prove as prove_row
    from leeward.audit.tree.proof_folder import write

    try:
        for path in write(out, prove_row(chain, row)):
            complain(str(path))
    except NoteRefused as refused:
        raise BadInput(what=f"row {row}", why=str(refused)) from refused
    except OSError as error:
        raise BadInput(what=str(out), why=error.strerror or str(error)) from error
    return 0


@app.command("check-proof")
def check_proof(
    folder: Annotated[Path, typer.Argument(help="The folder that prove wrote.")],
    policy: Annotated[
        Path | None,
        typer.Option(help="Whom you trust: a file with lines log VKEY, witness VKEY, need NUMBER, from elsewhere."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> int:
    """Check a proof without any database; exit with 1 if the row isn't in the log.

    Without --policy the key in the folder is used: that shows that row and proof belong together, not whose log it is.

    Example: leeward audit check-proof proof-120 --policy trusted.txt
    """
    from leeward.audit.tree.proof_folder import check

    found = check(folder, policy_in(policy) if policy else None)
    if as_json:
        show([found], as_json=True)
    else:
        print(f"{found['sentence']}")
    return 0 if found["ok"] else 1


@app.command("begin-anew")
def begin_anew(
    chain: Annotated[int, typer.Argument(help="The hotline's chain (its number).")],
    signer_lost: Annotated[bool, typer.Option("--signer-lost", help="You know why the signer refuses.")] = False,
) -> int:
    """Give a chain's tree a new name, because its signer's key is lost or the database was restored from a backup.

    The rows stay as they are. Witnesses must be given the new key and name; what they hold of the old one still proves what was before.

    Example: leeward audit begin-anew 1 --signer-lost
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.tree.checkpoints import begin_anew as begin
    from leeward.audit.tree.own_key import forget_log_key

    if not signer_lost:
        raise BadInput(
            what="begin-anew", why="say --signer-lost once you know why the signer refuses; it may be a theft"
        )
    forget_log_key()
    print(begin(chain, actor=Actor("command")))
    return 0


@app.command()
def key() -> int:
    """Print the keys by which others know this installation: of each chain's log, and as a witness.

    Example: leeward audit key
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.tree.checkpoints import own_keys

    for line in own_keys():
        print(line)
    return 0


def _policy_set() -> "Policy | None":
    """Return the policy that the settings name, None if they name none."""
    from leeward.site.config import read_config

    path = read_config().log_policy
    return policy_in(Path(path)) if path else None


def _add_witnessed(rows: "list[dict[str, Any]]", policy: "Policy", *, skips_age: bool) -> None:
    """Add to each chain what witnesses vouch for, and a problem where that isn't enough and they aren't asked anew."""
    from leeward.audit.tree.checkpoints import witnessed

    for row in rows:
        found = witnessed(int(row["chain"]), policy, datetime.now(UTC))
        row["witnessed"] = found.sentence
        if found.problem and not skips_age:
            row["ok"], row["problem"] = False, row["problem"] or f"{found.problem}."


def _add_asked(rows: "list[dict[str, Any]]", policy: "Policy | None") -> None:
    """Add to each chain what its witnesses answer now, and a problem where that isn't enough."""
    from leeward.witnessing.asking import ask_witnesses

    for row in rows:
        answers = ask_witnesses(int(row["chain"]), policy)
        row["asked"] = [{"name": one.name, "ok": one.is_good, "answer": one.answer} for one in answers.asked]
        if answers.problem:
            row["ok"], row["problem"] = False, row["problem"] or f"{answers.problem[:1].upper()}{answers.problem[1:]}."
