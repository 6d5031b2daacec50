"""Put new migrations on record: `python tests/migrations/record.py`. One that is on record already is never changed."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("recorded.json")


def migrations() -> dict[str, str]:
    """Each migration's file with the SHA-256 of what is in it."""
    found = sorted((ROOT / "src" / "leeward").rglob("migrations/0*.py"))
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def recorded() -> dict[str, str]:
    """What is on record."""
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))) if RECORD.exists() else {}


if __name__ == "__main__":
    RECORD.write_text(json.dumps(migrations() | recorded(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
