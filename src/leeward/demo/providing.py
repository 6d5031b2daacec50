"""The step of the play with a provider that must report: entered and approved by two people, it reports by the API with a key, and
verifies its receipt offline, by the log's proof.
"""

import json
import re
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from leeward.demo.browserless import Browser
from leeward.demo.running import Installation
from leeward.demo.steps import PATIENCE_SECONDS, Play, until

PROVIDER = {
    "legal_name": "Harbour Pictures Ltd (example)",
    "kind": "platform",
    "countries": "JM",
    "security_email": "safety@harbour-pictures.example",
    "administrator_name": "Ines",
    "administrator_email": "ines@harbour-pictures.example",
}
REPORTS: tuple[dict[str, Any], ...] = (
    {
        "reference": "2026/1",
        "known_at": "2026-11-01T09:00:00Z",
        "addresses": ["https://shared.harbour-pictures.example/a/1"],
        "files": [{"hashes": {"sha256": "ab" * 32}, "viewed": True}],
    },
    {"reference": "2026/2", "known_at": "2026-11-01T09:00:00", "words": "Its time has no zone."},
)
_KEY = re.compile(r"leeward_[\w-]{43}")


def perform_provider(play: Play, installation: Installation, carl: Browser, adam: Browser) -> None:
    """Play the step; raises StepFailed if it is not seen."""
    with play.step("provider_reported") as seen:
        key = _key(carl, adam)
        lines = "\n".join(json.dumps(one) for one in REPORTS)
        answer = _ask(installation, "reports", key, lines.encode())
        states = [one["state"] for one in answer["lines"]]
        if states != ["accepted", "refused"]:
            raise RuntimeError(f"the lines were answered {states}")
        installation.command("audit", "checkpoint")  # as it happens by itself within a minute
        whole = until(lambda: _proven(installation, key, answer["batch"]), "the log’s proof in the receipt")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "receipt.json").write_text(json.dumps(whole), encoding="utf-8")
            Path(folder, "lines.jsonl").write_text(lines, encoding="utf-8")
            files = (f"{folder}/receipt.json", "--lines", f"{folder}/lines.jsonl", "--json")
            done = installation.command("provider", "verify-receipt", *files)
        verdict = json.loads(done.stdout) if done.returncode == 0 else {}
        if not verdict.get("is_proven"):
            raise RuntimeError(f"the receipt is not good: {done.stdout}{done.stderr}")
        seen.update(
            taken=1, refused=answer["lines"][1]["code"], receipt=answer["batch"], row_of_the_log=whole["row"]["number"]
        )


def _key(carl: Browser, adam: Browser) -> str:
    """Have the provider entered by one person and approved by another, and make its key at the desk."""
    page = adam.open("/desk/providers/new").form(having="legal_name").fill(PROVIDER).submit()
    path = page.address
    carl.open(path).form(having="reason").submit("act=approve")
    shown = adam.open(path).form(having="act=key").submit("act=key")
    found = _KEY.search(shown.text)
    if not found:
        raise RuntimeError(f"no key was shown: {shown.text[:400]}")
    return found[0]


def _ask(installation: Installation, path: str, key: str, data: bytes | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    if data is not None:
        headers |= {"Content-Type": "application/x-ndjson", "Idempotency-Key": "the-demonstrations-batch"}
    request = urllib.request.Request(f"{installation.url}/api/v1/provider/{path}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        reply: dict[str, Any] = json.load(answer)
    return reply


def _proven(installation: Installation, key: str, batch: str) -> dict[str, Any] | None:
    found = _ask(installation, f"receipts/{batch}", key)
    return found if found["proof"] else None
