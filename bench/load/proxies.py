"""nginx and Caddy in front, as docs/how-to/production.md sets them up; only that callers say who they are (`X-Load-From`), since all
come from this machine."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leeward.demo.ports import free_port

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "production.md"
FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NGINX = """
worker_processes 1; error_log stderr crit; pid {folder}/pid; daemon off; {user}
events {{ worker_connections 8192; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  set_real_ip_from 127.0.0.1; real_ip_header X-Load-From;
  {ours}
}}
"""


def block(name: str) -> str:
    """Return a named block of the page."""
    found = re.search(rf"^( *)```\w+ {re.escape(name)}\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{PAGE} has no block {name}"
    return re.sub(f"^{found[1]}", "", found[2], flags=re.M)


def filled(name: str, values: dict[str, str]) -> str:
    """Return a block with our own values in the place of the page's; each of them must stand there."""
    text = block(name)
    for word, value in values.items():
        assert word in text, f"{word!r} does not stand in {name}"
        text = text.replace(word, value)
    return text


def program(name: str) -> str | None:
    """Return the path of a proxy, or None where it isn't installed; LEEWARD_NGINX and LEEWARD_CADDY name one elsewhere."""
    return os.environ.get(f"LEEWARD_{name.upper()}") or shutil.which(name, path=FOLDERS)


@contextmanager
def in_front(name: str, folder: Path, inner: int) -> Iterator[int]:
    """Run a proxy before the port `inner` until the block ends; yields its own port."""
    path, port = program(name), free_port()
    if path is None:
        raise RuntimeError(f"{name} is not installed (Debian: apt-get install {name})")
    folder.mkdir()
    command = {"nginx": _nginx, "caddy": _caddy}[name](path, folder, port, inner)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"HOME": str(folder)})
    try:
        _wait_for(port, process, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait()


def _nginx(path: str, folder: Path, port: int, inner: int) -> list[str]:
    ours = filled(
        "leeward.conf",
        {"443 ssl http2": f"127.0.0.1:{port}", "127.0.0.1:8470": f"127.0.0.1:{inner}", "report.hotline.example": "_"},
    )
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, ours=ours, user="user root;" if os.geteuid() == 0 else "")
    )
    return [path, "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def _caddy(path: str, folder: Path, port: int, inner: int) -> list[str]:
    ours = filled(
        "Caddyfile",
        {
            "report.hotline.example": f"http://:{port}",
            "127.0.0.1:8470": f"127.0.0.1:{inner}",
            "{remote_host}": "{http.request.header.X-Load-From}",
        },
    )
    (folder / "Caddyfile").write_text(f"{{\n  admin off\n}}\n{ours}")
    return [path, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the proxy did not come up: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
