"""`python -m shipping package|bill|audit|sign|check`: make what is handed to others, into `dist/`; sign it, and check that."""

import argparse
import subprocess
import sys
from pathlib import Path

from shipping import bill, debian, signing, wheels
from shipping.licences import unjudged

ROOT = Path(__file__).parents[1]
SIGNERS = Path(__file__).with_name("allowed_signers")


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 good, 1 something was found."""
    reader = argparse.ArgumentParser(prog="python -m shipping", description=__doc__)
    reader.add_argument("what", choices=["package", "bill", "audit", "sign", "check"])
    reader.add_argument("--out", type=Path, default=ROOT / "dist")
    reader.add_argument(
        "--revision", type=int, default=1, help="of the Debian package, when the same version is packed again"
    )
    reader.add_argument("--key", type=Path, help="the private key of OpenSSH with which a release is signed")
    reader.add_argument("--signers", type=Path, default=SIGNERS, help="who may sign one")
    chosen = reader.parse_args(words)
    if chosen.what == "check":
        return _checked(chosen.out, chosen.signers)
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.what == "audit":
        return wheels.audit(ROOT)
    if chosen.what == "sign":
        if chosen.key is None:
            reader.error("sign needs --key")
        for path in signing.sign(chosen.out, chosen.key):
            print(path)
        return 0
    missing = unjudged(ROOT)
    if missing:
        print("Nobody has judged these licences (shipping/licences.toml):", *missing, sep="\n  ")
        return 1
    made = [bill.write(ROOT, chosen.out)]
    if chosen.what == "package":
        made += wheels.build(ROOT, chosen.out)
        made.append(debian.build(ROOT, chosen.out, wheel=made[-1], bill=made[0], revision=chosen.revision))
    for path in made:
        print(f"{wheels.digest(path)}  {path}")
    return 0


def _checked(out: Path, signers: Path) -> int:
    found = signing.faults(out, signers)
    print(*found or ["Every file is what was signed."], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} ended with {error.returncode}; its words are above.")
