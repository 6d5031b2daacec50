"""A release signed and checked with OpenSSH alone: one list of digests over all files, and a signature of that list.

Whoever has a release needs `ssh-keygen` and nothing of ours to check it (docs/how-to/package.md).
"""

import subprocess
from pathlib import Path

from shipping.wheels import digest

LIST, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SPACE = "leeward-release"  # what a signature is for: one given for something else is none of a release


def sign(out: Path, key: Path) -> list[Path]:
    """List every file of a folder with its digest, and sign the list; returns both files."""
    files = [path for path in sorted(out.iterdir()) if path.is_file() and path.name not in (LIST, SIGNATURE)]
    if not files:
        raise SystemExit(f"There is nothing to sign in {out}: make package first.")
    listed, signature = out / LIST, out / SIGNATURE
    listed.write_text("".join(f"{digest(path)}  {path.name}\n" for path in files), encoding="utf-8")
    signature.unlink(missing_ok=True)  # ssh-keygen would ask
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", SPACE, listed], check=True)
    return [listed, signature]


def faults(out: Path, signers: Path) -> list[str]:
    """Return what is wrong with a release: who signed it is none of ours, or a file is not what was signed."""
    listed, signature = out / LIST, out / SIGNATURE
    if not listed.is_file() or not signature.is_file():
        return [f"{LIST} or {SIGNATURE} is missing."]
    text = listed.read_bytes()
    if not (who := _signer(text, signature, signers)):
        return [f"Nobody named in {signers} signed this list of digests."]
    print(f"Signed by {who}.")
    said = {name: number for number, _space, name in (line.partition("  ") for line in text.decode().splitlines())}
    here = {path.name: path for path in out.iterdir() if path.is_file() and path.name not in (LIST, SIGNATURE)}
    return [
        *(f"{name} is signed and not here." for name in sorted(said.keys() - here.keys())),
        *(f"{name} is here and not signed." for name in sorted(here.keys() - said.keys())),
        *(
            f"{name} is not what was signed."
            for name in sorted(said.keys() & here.keys())
            if digest(here[name]) != said[name]
        ),
    ]


def _signer(text: bytes, signature: Path, signers: Path) -> str:
    """Return who signed a text, by the name that stands beside their key; "" for nobody that we know."""
    found = subprocess.run(
        ["ssh-keygen", "-Y", "find-principals", "-s", signature, "-f", signers],
        capture_output=True,
        text=True,
        check=False,
    )
    for who in found.stdout.splitlines():
        verified = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", who, "-n", SPACE, "-s", signature],
            input=text,
            capture_output=True,
            check=False,
        )
        if not verified.returncode:
            return who
    return ""
