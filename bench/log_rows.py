"""python -m bench.log_rows N: the steps of `bench.log` inside an installation, a line each."""

import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from leeward.site.start import start

start()

from django.db import connection, transaction  # noqa: E402

from leeward.audit.models import AuditTip  # noqa: E402
from leeward.audit.queries import verdict  # noqa: E402
from leeward.audit.rules.chain import link, moment  # noqa: E402
from leeward.audit.rules.merkle import appended  # noqa: E402
from leeward.audit.services import _locked_tip, append_many  # noqa: E402
from leeward.audit.tree.checkpoints import prove, publish  # noqa: E402
from leeward.audit.tree.nodes import leaf_of, peaks_of  # noqa: E402
from leeward.audit.tree.planting import plant  # noqa: E402

CHAIN, BATCH, APPENDS = 1, 20_000, 20_000
FACTS = '{"items":1,"kind":"page"}'


def main() -> None:
    """Print what each step took."""
    rows = int(sys.argv[1])
    _write(rows)
    _append()
    _prove(rows)
    _check(rows)
    _plant(rows)


def _write(rows: int) -> None:
    at = moment(datetime.now(UTC))
    with transaction.atomic():
        last = _locked_tip(CHAIN)
    for begin in range(0, rows, BATCH):
        batch = []
        for _ in range(min(BATCH, rows - begin)):
            last = link(
                last,
                chain=CHAIN,
                at=at,
                event="report.received",
                actor="system",
                subject="report:1",
                facts=FACTS,
                nonce=secrets.token_hex(16),
            )
            batch.append(last)
        append_many(batch)


def _append() -> None:
    tip = AuditTip.objects.get(chain=CHAIN)
    peaks, began = peaks_of(tip), time.process_time()
    for _ in range(APPENDS):
        appended(tip.number, peaks, leaf_of(tip.number + 1, tip.hash, "00" * 16, tip.salt))
    each = (time.process_time() - began) / APPENDS * 1e6
    print(f"an append to the tree: {each:.1f} µs (target 10); no signature beside it")


def _prove(rows: int) -> None:
    publish(CHAIN, datetime.now(UTC))
    began = time.process_time()
    found = prove(CHAIN, max(rows // 2, 1))
    took = time.process_time() - began
    print(
        f"a proof of one of {rows:,} rows: {len(found.proof.text.encode()):,} bytes (target 2,048), {took * 1000:.0f} ms"
    )


def _check(rows: int) -> None:
    began, worked = time.monotonic(), time.process_time()
    found = verdict(CHAIN)
    if found.fault is not None:
        raise SystemExit(f"the log is not whole: {found}")
    print(f"checking {found.rows:,} rows: {_took(began, worked)} (target 30 s for a million)")


def _took(began: float, worked: float) -> str:
    return f"{time.monotonic() - began:.1f} s, of these {time.process_time() - worked:.1f} s of the processor"


def _plant(rows: int) -> None:
    """Put the rows into the tree anew, as an upgrade of an installation from before the tree does."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_audittile")
        cursor.execute("UPDATE audit_audittip SET peaks = NULL")
    began, worked = time.monotonic(), time.process_time()
    with transaction.atomic():
        plant(connection)
    took = _took(began, worked)
    size = Path(str(connection.settings_dict["NAME"])).stat().st_size if connection.vendor == "sqlite" else 0
    print(f"moving {rows:,} old rows into the tree: {took} (target 10 s for a million); {size / rows:.0f} bytes a row")


if __name__ == "__main__":
    main()
