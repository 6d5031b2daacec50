"""The bill of materials in CycloneDX 1.5: each part with its version, where it came from, its digests and its licence."""

import json
import uuid
from pathlib import Path
from typing import Any

from shipping.licences import licence_of, named
from shipping.wheels import uv

# uv marks what it writes as made now and by chance; the same lock has to make the same bill.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/leeward")


def of_lock(root: Path) -> dict[str, Any]:
    """Return the bill of what `uv.lock` names for a machine that runs everything."""
    bill: dict[str, Any] = json.loads(
        uv(root, "export", "--quiet", "--no-dev", "--all-extras", "--locked", "--format", "cyclonedx1.5",
           "--preview-features", "sbom-export")
    )  # fmt: skip
    bill["metadata"].pop("timestamp", None)
    bill.pop("serialNumber", None)
    judged = named(root)
    for part in bill["components"]:
        part["licenses"] = [{"expression": licence_of(part["name"], judged)}]
    bill["components"].sort(key=lambda part: (part["name"], part["version"]))
    bill["dependencies"].sort(key=lambda one: str(one["ref"]))
    bill["serialNumber"] = uuid.uuid5(NAMESPACE, json.dumps(bill, sort_keys=True)).urn
    return bill


def write(root: Path, out: Path) -> Path:
    """Write the bill beside the packages and return where."""
    path = out / "leeward.cdx.json"
    path.write_text(json.dumps(of_lock(root), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
