"""`leeward address`: read, compare and find addresses; nothing of it changes the database."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.arguments import content
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput
from leeward.hosting.rules.questions import question_of
from leeward.hosting.rules.rdap import registrations_in
from leeward.hosting.rules.registration import Registration
from leeward.hosting.rules.registry_answers import MOST_BYTES
from leeward.hosting.rules.sentences import NOTES, SUSPICIOUS
from leeward.hosting.rules.urls import BadAddress, canonical_url, shortened
from leeward.people.countries import country_names

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an address.")]


@app.command()
def canonical(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Addresses as people write them.")],
    as_json: AsJson = False,
) -> int:
    """Show how a browser reads each address, and the form in which addresses are compared.

    Exits with 1 if one can't be right as it is written, for example an onion address that is too short.

    Example: leeward address canonical --json "HTTP://Bad.Example:80/a/../b"
    """
    bad: list[BadAddress] = []
    rows, doubts = [], 0
    for text in texts:
        try:
            found = canonical_url(text)
        except BadAddress as error:
            bad.append(error)
        else:
            for note in set(found.notes) & set(SUSPICIOUS):
                doubts += 1
                complain(f"{shortened(text)}: {NOTES[note]}")
            rows.append({"input": found.input, "url": found.url or None, "comparable": found.comparable})
    show(rows, as_json=as_json, columns=("url", "comparable"))
    return _complain_about(bad) or (1 if doubts else 0)


@app.command()
def recognise(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Text that names addresses of any kind.")],
    country: Annotated[
        str, typer.Option(metavar="CC", help="Where local telephone numbers are from (ISO code), as of a portal.")
    ] = "",
    language: Annotated[str, typer.Option(metavar="L", help="The language of the page it was typed into.")] = "",
    as_json: AsJson = False,
) -> int:
    """Show everything that a text names: addresses, links, hashes, accounts, groups, games, newsgroups, numbers, wallets.

    Each is one line: its kind, its value and its service. Words that name nothing have the kind "words" and no value.

    Exits with 1 if something was not recognised. Example: leeward address recognise "hxxp://bad[.]example, @name on kik"
    """
    from leeward.hosting.rules.address import canonical as in_short
    from leeward.hosting.rules.address import recognise as read

    found = [
        item
        for text in texts
        for item in read(text.encode("utf-8", "replace").decode(), country=country.upper(), language=language.lower())
    ]
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for item in found:
        short = in_short(item)
        key = (short.kind, short.value or item.typed, short.service)
        more = {name: getattr(item, name) for name in ("typed", "display", "undone", "problem", "notes")}
        rows.setdefault(key, {"kind": short.kind, "value": short.value, "service": short.service} | more)
    show(list(rows.values()), as_json=as_json, columns=("kind", "value", "service", "problem"))
    return 1 if any(item.problem for item in found) else 0


@app.command()
def payments(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="A text or a page; - is standard input.")],
    country: Annotated[str, typer.Option(metavar="CC", help="Where local numbers are from (ISO code).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Show everything in a text that says where money goes: wallets, accounts, cards, handles, mobile money, gift cards.

    A wallet, account or card whose check digits are wrong is shown as not valid; one that only the words beside it make one, or that has
    no check digits, as weak. Of a card, only the brand and the last four digits are shown.

    Example: leeward address payments page.html --json
    """
    from leeward.payments.rules.finding import MOST_BYTES, find

    read = sys.stdin.buffer.read(MOST_BYTES) if str(file) == "-" else content(file)[:MOST_BYTES]
    found = find(read.decode("utf-8", "replace"), country=country.upper())
    rows = [{"kind": one.kind, "value": one.value, "valid": one.valid, "weak": one.weak} for one in found]
    show(rows, as_json=as_json)
    return 0


@app.command()
def locate(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Web addresses or host names.")],
    as_json: AsJson = False,
) -> int:
    """Ask name servers and registries now where each address is; exit with 1 if one has no host that can be found.

    Example: leeward address locate --json https://name.example/page
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.hosting.live import located

    bad: list[BadAddress] = []
    rows = []
    for url in urls:
        try:
            rows.append(located(canonical_url(url)))
        except BadAddress as error:
            bad.append(error)
    if as_json:
        show(rows, as_json=True)
    else:
        for row in rows:
            _print_place(row)
    return _complain_about(bad) or (1 if any(row["problem"] for row in rows) else 0)


@app.command()
def rdap(
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|NAME|IP|ASN...", help="Names, addresses, AS numbers, handles, or files (- is standard input)."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each.")] = False,
) -> int:
    """Show what registries say: asked now by RDAP, by WHOIS where a top-level domain has no RDAP, or from an answer in a file.

    Exits with 1 if a registry gives no answer, with 2 if a file holds none. The data of registrants are not shown.

    Example: leeward address rdap --json name.example 192.0.2.1 AS64500 answer.json
    """
    found: list[Registration] = []
    is_bad = False
    for thing in things:
        if thing == "-" or Path(thing).is_file():
            rows = registrations_in(_beginning(thing), countries=country_names())
            is_bad = is_bad or any(row.error and not row.kind for row in rows)
            for row in rows:
                if row.error:
                    complain(f"{shortened(thing)}: {row.error}")
        else:
            try:
                rows = _asked(thing)
            except BadInput as error:
                is_bad, rows = True, []
                complain(error.text)
        found += rows
    show(
        [row.row for row in found],
        as_json=as_json,
        columns=("kind", "name", "registrar", "country", "statuses", "error"),
    )
    return 2 if is_bad else 1 if any(row.error for row in found) else 0


def _beginning(file: str) -> bytes:
    """Read a file as far as an answer may be long, and one byte more."""
    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(what=file, why=error.strerror or "it can’t be read") from None


def _asked(thing: str) -> list[Registration]:
    if thing.endswith(".json") or question_of(thing) is None:
        raise BadInput(what=shortened(thing) or "It", why="it is no file, name, address or number (AS64500)")
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.hosting.live import registered

    return registered(thing)


@app.command()
def proxies(
    take: Annotated[
        Path | None, typer.Option(help="A CSV file (name, network, as_of, source) to use from now on.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a network.")] = False,
) -> int:
    """List the networks of shared proxies, behind which the real host is unknown; or replace the list.

    Example: leeward address proxies --take proxies.csv
    """
    from leeward.site.start import start

    start()
    from leeward.hosting.lookups.shields import entries, list_in_use, take_list

    if take is not None:
        try:
            text = take.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(what=str(take), why=getattr(error, "strerror", None) or "it is not text") from error
        complain(f"{take_list(text)} networks are used from now on.")
        return 0
    rows = (
        {"name": shield.name, "network": network, "as_of": shield.as_of, "source": shield.source}
        for network, shield in entries(list_in_use())
    )
    show(rows, as_json=as_json)
    return 0


def _complain_about(bad: list[BadAddress]) -> int:
    """Print one line for each bad address, and once the hint, which is the same for all."""
    for place, one in enumerate(bad):
        complain(one.text, str(one.hint) if place == 0 else "")
    return 2 if bad else 0


def _print_place(row: dict[str, Any]) -> None:
    print(row["url"])
    for name, value in row.items():
        if name not in ("input", "url", "findings") and value not in (None, "", (), []):
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            print(f"  {name.replace('_', ' ')}: {shown}")
