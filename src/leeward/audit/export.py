"""The log as a file that can be checked without the database: JSON lines, one row a line, heads last."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any

from leeward.audit.errors import NotALogFile
from leeward.audit.keys import is_signed, public_key
from leeward.audit.models import AuditHead, AuditTip
from leeward.audit.queries import Verdict, chains, entries
from leeward.audit.rules.chain import BEYOND, Entry, Fault, first_fault, signed_text
from leeward.foundation.errors import NotFound

FORMAT = "leeward-audit-log 1"


def write_log(out: IO[str], only: int | None = None) -> int:
    """Write chains (or one) to `out`; return the number of rows. Raises NotFound if there is no such chain."""
    count, found = 0, chains()
    if only is not None and only not in found:
        raise NotFound(what="log")
    out.write(json.dumps({"format": FORMAT, "public_key": public_key()}) + "\n")
    for chain in found:
        if only is not None and chain != only:
            continue
        tip = AuditTip.objects.filter(chain=chain, number__gt=0).first()
        heads: list[AuditHead | AuditTip] = [*AuditHead.objects.filter(chain=chain).order_by("number")]
        for entry in entries(chain):
            if tip is not None and entry.number > tip.number:
                break  # written since: the export ends with the row that the tip covers
            out.write(json.dumps({"row": asdict(entry)}, ensure_ascii=False) + "\n")
            count += 1
        for head in [*heads, *([tip] if tip else [])]:
            line = {
                "chain": chain,
                "number": head.number,
                "hash": head.hash,
                "at": head.at,
                "signature": head.signature,
            }
            out.write(json.dumps({"head": line}) + "\n")
    return count


def verdicts_of_file(file: IO[str], name: str, trusted_key: str | None = None) -> list[Verdict]:
    """Check an exported log. `trusted_key` is the key obtained elsewhere; without it the file's own key is used, which
    proves less."""
    first = _line(file.readline(), name, 1)
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise NotALogFile(file=name, why="its first line doesn't say so")
    key = trusted_key or str(first.get("public_key"))
    rows: dict[int, list[Entry]] = {}
    heads: dict[int, dict[int, str]] = {}
    faults: dict[int, Fault] = {}
    for number, text in enumerate(file, start=2):
        line = _line(text, name, number)
        if "row" in line:
            entry = _entry(line["row"], name, number)
            rows.setdefault(entry.chain, []).append(entry)
        elif "head" in line:
            _take_head(line["head"], key, heads, faults)
    if not (rows or heads or faults):
        raise NotALogFile(file=name, why="it holds no row")
    return list(_verdicts(rows, heads, faults))


def _verdicts(
    rows: dict[int, list[Entry]], heads: dict[int, dict[int, str]], faults: dict[int, Fault]
) -> Iterator[Verdict]:
    for chain in sorted(set(rows) | set(heads) | set(faults)):
        fault, count, _ = first_fault(chain, rows.get(chain, []), heads.get(chain, {}))
        signed = max(heads.get(chain, {}), default=0)
        if fault is None and not signed:
            fault = Fault(chain, count, "is the last row, but no head is signed by this key")
        elif fault is None and count > signed:
            fault = Fault(chain, signed + 1, BEYOND)
        yield Verdict(chain, count, fault or faults.get(chain))


def _take_head(head: dict[str, Any], key: str, heads: dict[int, dict[int, str]], faults: dict[int, Fault]) -> None:
    chain, number, row = int(head["chain"]), int(head["number"]), str(head["hash"])
    if is_signed(signed_text(chain=chain, number=number, row=row, at=str(head["at"])), str(head["signature"]), key):
        heads.setdefault(chain, {})[number] = row
    else:
        faults.setdefault(chain, Fault(chain, number, "has a head with a false signature"))


def _line(text: str, name: str, number: int) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise NotALogFile(file=name, why=f"line {number} is not JSON") from error


def _entry(values: Any, name: str, number: int) -> Entry:
    try:
        return Entry(**values)
    except TypeError as error:
        raise NotALogFile(file=name, why=f"line {number} is not a row") from error
