"""The programs we compare with, installed into an environment of their own so that nothing of ours depends on them."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

OUR_UV = Path(__file__).resolve().parents[2] / ".uv" / "bin" / "uv"
PACKAGES = ("threatexchange==1.2.17", "faiss-cpu==1.15.1", "pdqhash==0.2.8", "pillow==13.0.0", "numpy==2.5.5")
FOLDER = Path(os.environ.get("LEEWARD_BENCH_FOLDER", Path(tempfile.gettempdir()) / "leeward-bench"))


def peer_python() -> Path:
    """Return the Python of the peers' environment, made on first use; it needs uv and a package index."""
    python = FOLDER / "peers" / "bin" / "python"
    if not python.exists():
        uv = OUR_UV if OUR_UV.exists() else shutil.which("uv")
        if uv is None:
            raise RuntimeError("uv is needed to install the peers: make setup")
        subprocess.run([uv, "venv", "-q", FOLDER / "peers"], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *PACKAGES], check=True)
    return python


class Peer:
    """A worker process in the peers' environment that answers one JSON line for each it gets."""

    def __init__(self, script: str) -> None:
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [peer_python(), Path(__file__).with_name(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | one_thread,
        )

    def ask(self, **question: Any) -> dict[str, Any]:
        """Send a question and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the peer ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
