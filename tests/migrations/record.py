"""Put new migrations on record: `python tests/migrations/record.py`. One that is on record already is never changed.
With the number of a release, its newest migrations are kept too: `python tests/migrations/record.py 1.0`."""

import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("recorded.json")
RELEASES = Path(__file__).with_name("releases.json")


def migrations() -> dict[str, str]:
    """Each migration's file with the SHA-256 of what is in it."""
    found = sorted((ROOT / "src" / "leeward").rglob("migrations/0*.py"))
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def recorded() -> dict[str, str]:
    """What is on record."""
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))) if RECORD.exists() else {}


def releases() -> dict[str, dict[str, str]]:
    """Each release with every app's newest migration in it."""
    return dict(json.loads(RELEASES.read_text(encoding="utf-8")))


def newest() -> dict[str, str]:
    """Every app's newest migration, of ours and of the libraries in use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    return dict(MigrationLoader(None).graph.leaf_nodes())


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(RECORD, migrations() | recorded())
    for release in sys.argv[1:]:
        write(RELEASES, releases() | {release: newest()})
