"""`leeward serve --face matcher`: answers a second and memory over many requests. LEEWARD_BENCH_REQUESTS says how many (default 1000000)."""

import base64
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.matching.lists import ListBank, ListContent, Signer, write_list

CODES, CLIENTS, STEPS = 100_000, 4, 10
START = "import sys; from leeward.cli.main import main; sys.exit(main())"


def run() -> Iterator[str]:
    """Ask with hashes, one in a hundred requests with rubbish; tell the worker's memory ten times on the way."""
    requests = int(os.environ.get("LEEWARD_BENCH_REQUESTS", "1000000"))
    with tempfile.TemporaryDirectory(prefix="leeward-bench-matcher-") as name:
        folder, path = Path(name) / "list", Path(name) / "matcher.sock"
        _list(folder)
        settings = {"LEEWARD_MATCHER_LIST": str(folder), "LEEWARD_MATCHER_SOCKET": str(path)}
        command = [sys.executable, "-c", START, "serve", "--face", "matcher"]
        process = subprocess.Popen(command, env=os.environ | settings)
        try:
            while not _is_up(path):
                time.sleep(0.1)
            for step in range(STEPS + 1):
                if step:
                    started = time.monotonic()
                    _rounds(path, requests // STEPS)
                    rate = f", {requests / STEPS / (time.monotonic() - started):,.0f}/s"
                memory = float(re.findall(r"memory_bytes (\d+)", _ask(path, "GET", "/metrics").decode())[0]) / 2**20
                yield f"after {step * requests // STEPS:,} requests: {memory:.1f} MB{rate if step else ''}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _list(folder: Path) -> None:
    rows = np.arange(CODES, dtype=np.uint32)
    codes = np.random.default_rng(1).integers(0, 256, (CODES, 32), dtype=np.uint8)
    none = np.zeros(CODES, np.uint16)
    content = ListContent(rows.astype(np.uint64), none, none, (ListBank(0, "bench"),), codes=codes, code_rows=rows)
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    signer = Signer(public, lambda text: base64.b64encode(key.sign(text)).decode())
    write_list(folder, content, name="bench", serial=1, made_at=datetime.now(UTC), signer=signer)


def _is_up(path: Path) -> bool:
    try:
        return bool(_ask(path, "GET", "/healthz"))
    except OSError:
        return False


def _ask(path: Path, method: str, where: str, body: bytes | None = None) -> bytes:
    connection = http.client.HTTPConnection("matcher")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(path))
    connection.request(method, where, body, {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def _rounds(path: Path, count: int) -> None:
    def asking(seed: int) -> None:
        source = random.Random(seed)
        for number in range(count // CLIENTS):
            row = {"pdq": source.randbytes(32).hex(), "quality": 100}
            _ask(path, "POST", "/check", b"{rubbish" if number % 100 == 0 else json.dumps(row).encode())

    threads = [threading.Thread(target=asking, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
