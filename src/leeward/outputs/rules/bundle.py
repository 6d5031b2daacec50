"""A signed bundle of evidence: a case's paper and its tables, a list of their SHA-256, and what proves that the list was
signed and written into the log. A page in it tells how to verify all that with OpenSSL alone. Pure.
"""

import base64
import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from html import escape

from leeward.audit.rules.proofs import entry_in, row_in
from leeward.audit.rules.signatures import is_signed
from leeward.outputs.rules.papers import Proof, stands
from leeward.outputs.rules.records import CaseRecord, LogRow, Row, moment
from leeward.outputs.rules.refusals import Refusal

VALIDATOR = "evidence bundle 1, ours 3"
MEDIA_TYPE = "application/zip"
TITLE = "leeward-evidence-bundle 1"
PAGE, MANIFEST, SIGNATURE, KEY = "README.html", "manifest.txt", "manifest.sig", "key.pem"
HEAD, HEAD_SIGNATURE, RECEIPT, RECEIPT_FACTS = "log/head.txt", "log/head.sig", "log/receipt.bin", "log/receipt.json"
PROOFS, SCRIPT = "log/proofs/", "log/check-with-openssl.sh"
UNLISTED = frozenset({MANIFEST, SIGNATURE, KEY, HEAD, HEAD_SIGNATURE, RECEIPT, RECEIPT_FACTS})
MOST_BYTES = 64 << 20
_HEADER_LINES = 3
_HASH_LETTERS = 64
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410).
_KEY_PREFIX = bytes.fromhex("302a300506032b6570032100")
COMMANDS = f"""openssl pkey -pubin -in {KEY} -outform DER | tail -c 32 | openssl base64
openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in {MANIFEST} -sigfile {SIGNATURE}
tail -n +{_HEADER_LINES + 1} {MANIFEST} | while read -r sum file; do
  test "$(openssl dgst -sha256 -r "$file" | cut -c1-64)" = "$sum" || echo "CHANGED: $file"
done
openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in {HEAD} -sigfile {HEAD_SIGNATURE}
test "$(openssl dgst -sha256 -r {RECEIPT} | cut -c1-64)" = "$(sed -n 4p {HEAD})" || echo "CHANGED: {RECEIPT}"
grep -aq "$(openssl dgst -sha256 -r {RECEIPT_FACTS} | cut -c1-64)" {RECEIPT} || echo "CHANGED: {RECEIPT_FACTS}"
grep -q "$(openssl dgst -sha256 -r {MANIFEST} | cut -c1-64)" {RECEIPT_FACTS} || echo "CHANGED: {MANIFEST}"
for proof in {PROOFS}*.tlog-proof; do
  test -e "$proof" || continue
  row="$(basename "$proof" .tlog-proof)"
  bash {SCRIPT} "$proof" "log/rows/$row.txt" $(cat "{PROOFS}$row.keys") | tail -n 11 | grep -B 10 "is line $row of" || echo "CHANGED: $proof"
done"""


def listed_files(record: CaseRecord, paper: bytes, proof_page: str, script: bytes) -> dict[str, bytes]:
    """Return the files that the list names: the paper, tables, the covered bytes of each row of the log, the row as a text that is hashed and
    the proof that it stands there with the script that checks them, and the page.
    """
    files = {
        "case.json": paper,
        "hashes.csv": _table(
            ("address", "media", "bytes", "md5", "sha1", "sha256", "pdq"),
            ((one.url, one.media, one.bytes, one.md5, one.sha1, one.sha256, one.pdq) for one in record.files),
        ),
        "findings.csv": _table(
            ("at", "kind", "value", "source"),
            ((moment(at), kind, value, source) for kind, value, source, at in record.findings),
        ),
        "messages.csv": _history(record.messages),
        "checks.csv": _history(record.checks),
        "visits.csv": _history(record.visits),
        "log/rows.csv": _table(
            ("number", "at", "event", "actor", "facts", "sha256"),
            ((row.number, row.at, row.event, row.actor, row.facts, row.hash) for row in record.log),
        ),
        **{f"log/rows/{row.number}.bin": row.covered for row in record.log},
        SCRIPT: script,
    }
    for row in record.log:
        if row.proof:
            files[f"{PROOFS}{row.number}.tlog-proof"] = row.proof.encode()
            files[f"log/rows/{row.number}.txt"] = row.text.encode()
            files[f"{PROOFS}{row.number}.keys"] = f"{' '.join(row.keys)}\n".encode()
    return files | {PAGE: page(record, proof_page).encode()}


def manifest(record: CaseRecord, files: Mapping[str, bytes]) -> bytes:
    """Return the list of files: three lines about the bundle, then the SHA-256 and the name of each."""
    lines = [TITLE, f"case {record.brief.reference}", f"made {moment(record.made_at)}"]
    lines += [f"{sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]
    return ("\n".join(lines) + "\n").encode()


def proofs(listing: bytes, signature: str, head: Proof, receipt: bytes, receipt_facts: str) -> dict[str, bytes]:
    """Return the files that prove the list: the key, the signatures, and the row of the log that names the list."""
    return {
        MANIFEST: listing,
        SIGNATURE: base64.b64decode(signature),
        KEY: key_file(head.key).encode(),
        HEAD: head.text,
        HEAD_SIGNATURE: base64.b64decode(head.signature),
        RECEIPT: receipt,
        RECEIPT_FACTS: receipt_facts.encode(),
    }


def key_file(key: str) -> str:
    """Return a public key (32 bytes in base64) as OpenSSL reads it."""
    body = base64.b64encode(_KEY_PREFIX + base64.b64decode(key)).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


def archive(files: Mapping[str, bytes], at: datetime) -> bytes:
    """Return the files as one archive, not compressed; the same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files):
            packed.writestr(
                zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second)), files[name]
            )
    return out.getvalue()


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return what is wrong with a bundle: files that the list does not name or names otherwise, and proofs that fail."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if len(set(names)) < len(names) or any(
                one.compress_type != zipfile.ZIP_STORED for one in packed.infolist()
            ):
                return (Refusal("malformed"),)
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                return (Refusal("too_long"),)
            files = {name: packed.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError):
        return (Refusal("malformed"),)
    if missing := sorted(UNLISTED - files.keys()):
        return tuple(Refusal("manifest_bad", name) for name in missing)
    return (*_listing_faults(files), *_proof_faults(files), *_row_faults(files))


def _listing_faults(files: Mapping[str, bytes]) -> list[Refusal]:
    lines = files[MANIFEST].decode("utf-8", "replace").splitlines()
    named = {line[_HASH_LETTERS + 2 :]: line[:_HASH_LETTERS] for line in lines[_HEADER_LINES:]}
    sums = {name: sha256(content).hexdigest() for name, content in files.items() if name not in UNLISTED}
    wrong = [name for name in {*named, *sums} if named.get(name) != sums.get(name)]
    if lines[:1] != [TITLE]:
        wrong.append(MANIFEST)
    return [Refusal("manifest_bad", name) for name in sorted(wrong)]


def _proof_faults(files: Mapping[str, bytes]) -> list[Refusal]:
    key = _key_in(files[KEY])

    def signed(text: str, signature: str) -> bool:
        return is_signed(files[text], base64.b64encode(files[signature]).decode(), key)

    head = files[HEAD].decode("utf-8", "replace").splitlines()
    holds = {
        KEY: bool(key),
        SIGNATURE: signed(MANIFEST, SIGNATURE),
        HEAD_SIGNATURE: signed(HEAD, HEAD_SIGNATURE),
        RECEIPT: head[3:4] == [sha256(files[RECEIPT]).hexdigest()],
        RECEIPT_FACTS: sha256(files[RECEIPT_FACTS]).hexdigest().encode() in files[RECEIPT],
        MANIFEST: sha256(files[MANIFEST]).hexdigest().encode() in files[RECEIPT_FACTS],
    }
    return [Refusal("manifest_bad", name) for name, is_good in holds.items() if not is_good]


def _row_faults(files: Mapping[str, bytes]) -> list[Refusal]:
    """Return which proofs of rows don't hold for the bytes of their row."""
    proven = [name for name in sorted(files) if name.startswith(PROOFS) and name.endswith(".tlog-proof")]
    return [Refusal("proof_bad", name) for name in proven if not _row_stands(files, name)]


def _row_stands(files: Mapping[str, bytes], name: str) -> bool:
    number = name.removeprefix(PROOFS).removesuffix(".tlog-proof")
    try:
        row = LogRow(
            int(number), "", "", "", "", "",
            covered=files[f"log/rows/{number}.bin"],
            proof=files[name].decode(),
            entry=entry_in(row_in(files[f"log/rows/{number}.txt"].decode())),
            keys=tuple(files[f"{PROOFS}{number}.keys"].decode().split()),
        )  # fmt: skip
    except (KeyError, ValueError):
        return False
    return bool(row.proof) and stands(row)


def _key_in(content: bytes) -> str:
    """Return the public key (base64) in a file that `key_file` wrote, "" where it wrote another."""
    try:
        body = base64.b64decode(b"".join(content.splitlines()[1:-1]))
    except ValueError:
        return ""
    key = base64.b64encode(body[len(_KEY_PREFIX) :]).decode()
    return key if content == key_file(key).encode() else ""


def page(record: CaseRecord, proof_page: str) -> str:
    """Return the page that explains what is in the bundle and how to verify it."""
    reference, hotline = escape(record.brief.reference), escape(record.hotline.name)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence about case {reference}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }}
pre {{ overflow-x: auto; padding: .75rem; border: 1px solid; }}
</style>
</head>
<body>
<h1>Evidence about case {reference}</h1>
<p>Made by {hotline} on {moment(record.made_at)}. It holds addresses, hashes and times. It holds no picture, no words of
whoever reported, and no names of colleagues.</p>
<h2>What is in it</h2>
<ul>
<li><code>case.json</code>: everything recorded about the case</li>
<li><code>hashes.csv</code>, <code>findings.csv</code>, <code>visits.csv</code>, <code>checks.csv</code>,
<code>messages.csv</code>: hashes of files; names, addresses and registers over time; what the server answered; whether it
was still there; who was told and what they answered</li>
<li><code>log/rows.csv</code> and <code>log/rows/</code>: the rows of the hotline’s log about the case; the SHA-256 of
each file is the one in the table</li>
<li><code>manifest.txt</code>: the SHA-256 of each of these files, signed in <code>manifest.sig</code></li>
<li><code>log/receipt.bin</code>: the row of the log that names the SHA-256 of <code>manifest.txt</code>;
<code>log/head.txt</code> names that row and its SHA-256, signed by the hotline’s key for documents. The row can’t have been
changed since without this showing; that it stands in the log, the next checkpoint shows.</li>
<li><code>log/proofs/</code>: for each row of the case that was part of a signed checkpoint when this was made, the proof that
it stands in the log, and the keys of the log and of the witnesses that saw the checkpoint. The row is the text beside its bytes in
<code>log/rows/</code>: the last commands below hash that text.
{_unproven(record)}</li>
</ul>
<h2>How to verify it</h2>
<p>With OpenSSL 3 and a Unix shell (bash) in this folder. Begin with the first line alone: it prints the public key, which must be
the one that the hotline publishes at {escape(proof_page)}; ask the hotline by telephone if you have doubts. If it is another
one, the second line doesn’t verify, or a file is named as changed, stop: somebody else made or changed this, and the lines at
the end run a script that is part of it.</p>
<p>Both signatures must be verified successfully, each proof must print its row, with its line in the log behind it, and nothing may be
named as changed. What is proven of a row is what is printed there, as it was hashed: compare <code>log/rows.csv</code> and
<code>case.json</code> with it.</p>
<pre>{escape(COMMANDS)}</pre>
<p>The keys in <code>log/proofs/</code> are those of the
hotline’s log and of its witnesses: have each of them confirm its own.</p>
</body>
</html>
"""


def _unproven(record: CaseRecord) -> str:
    rest = [str(row.number) for row in record.log if not row.proof]
    if not rest:
        return "Every row has one."
    return f"These rows are newer, and no checkpoint covers them yet: {', '.join(rest)}."


def _history(rows: Iterable[Row]) -> bytes:
    return _table(("at", "what", "note"), ((moment(row.at), row.what, row.note) for row in rows))


def _table(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(names)
    lines.writerows([_cell(one) for one in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: object) -> str:
    """Return a value as cell text that no spreadsheet takes for a formula: registers and servers say what others wrote. In
    `case.json` it stands as it was."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
