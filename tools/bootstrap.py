"""Make `.venv` on a machine that has only Python (3.12 or newer), make and git.

Fetches pip's wheel with the standard library where there is no pip, with it uv into `.uv`, and lets uv install what `uv.lock` names.
Runs under any Python 3; usage: python3 tools/bootstrap.py [--dev]
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urljoin

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UV_HOME = os.path.join(ROOT, ".uv")
UV_WANTED = "uv>=0.9,<1"
INDEX = "https://pypi.org/simple/pip/"  # PEP 691


def newest_python():
    """Return the path of a Python that is new enough: LEEWARD_PYTHON, else Debian's own; end with one sentence if there is none."""
    names = [
        os.environ.get("LEEWARD_PYTHON", "/usr/bin/python3.13"),
        "/usr/bin/python3.13",
        "python3.13",
        "/usr/bin/python3.12",
        "python3.12",
        "python3.14",
        sys.executable,
    ]
    for name in names:
        path = shutil.which(name) or (name if os.path.exists(name) else None)
        if path and subprocess.run([path, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]).returncode == 0:
            return path
    sys.exit("Leeward needs Python 3.12 or newer and found none. On Debian: apt-get install python3")


def fetch(url, accept="*/*", tries=4):
    """Return the bytes at `url`, trying again where the network stumbles."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    for attempt in range(1, tries + 1):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except OSError as error:
            if attempt == tries:
                sys.exit("Could not fetch %s: %s" % (url, error))
            time.sleep(2 * attempt)


def pip_wheel():
    """Return the path of pip's wheel, fetched and checked against the index's hash."""
    listing = json.loads(fetch(INDEX, "application/vnd.pypi.simple.v1+json"))
    wheels = [entry for entry in listing["files"] if entry["filename"].endswith(".whl") and not entry.get("yanked")]
    entry = max(wheels, key=lambda wheel: wheel.get("upload-time", ""))
    path = os.path.join(UV_HOME, entry["filename"])
    if not os.path.exists(path):
        content = fetch(urljoin(INDEX, entry["url"]))
        if hashlib.sha256(content).hexdigest() != entry["hashes"]["sha256"]:
            sys.exit("The pip that arrived is not the one that the index names.")
        with open(path, "wb") as file:
            file.write(content)
    return path


def uv_path(python):
    """Return the path of uv: the machine's own, ours, or ours freshly installed."""
    ours = os.path.join(UV_HOME, "bin", "uv")
    for path in (ours, shutil.which("uv")):
        if path and os.path.exists(path):
            return path
    os.makedirs(UV_HOME, exist_ok=True)
    has_pip = (
        subprocess.run(
            [python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
        == 0
    )
    pip = [python, "-m", "pip"] if has_pip else [python, os.path.join(pip_wheel(), "pip")]
    subprocess.run(pip + ["install", "--quiet", "--no-input", "--target", UV_HOME, "--upgrade", UV_WANTED], check=True)
    return ours


def stamp(dev):
    """Return what the environment was made from, so that nothing is done twice."""
    digest = hashlib.sha256(b"dev" if dev else b"")
    for name in ("uv.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def main():
    """Make or refresh the environment."""
    dev = "--dev" in sys.argv[1:]
    mark = os.path.join(ROOT, ".venv", "leeward-dev" if dev else "leeward-run")
    wanted = stamp(dev)
    if os.path.exists(mark) and open(mark).read() == wanted:
        return
    python = newest_python()
    uv = uv_path(python)
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_HTTP_TIMEOUT="180", UV_LINK_MODE="copy")
    # Compiled once, here: a service that may not write beside its libraries would compile all of them at every start.
    environment["UV_COMPILE_BYTECODE"] = "1"
    environment.pop("VIRTUAL_ENV", None)
    command = [uv, "sync", "--locked", "--inexact", "--all-extras", "--python", python, "--quiet"] + (
        [] if dev else ["--no-dev"]
    )
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        sys.exit("uv could not install what uv.lock names; its words are above.")
    inside = os.path.join(ROOT, ".venv", "bin", "python")
    subprocess.run([inside, "-m", "compileall", "-q", "src"], cwd=ROOT, check=True)
    subprocess.run([inside, "-m", "leeward.languages.messages", "compile"], cwd=ROOT, check=True)
    with open(mark, "w") as file:
        file.write(wanted)


if __name__ == "__main__":
    main()
