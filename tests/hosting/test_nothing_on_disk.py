"""Nothing that is fetched touches a disk: a process whose kernel lets it write no file at all looks, hashes and previews.

Neither the process nor the children in which it decodes may make any file longer (RLIMIT_FSIZE 0, which children inherit: the
kernel stops it), and every opening of a file for writing that Python does is counted by an audit hook.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture
from tests.hosting.conftest import Outside

WORKER = """
import json, os, resource, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "leeward.site.settings"
django.setup()
from leeward.hosting.fetching.files import small
from leeward.hosting.fetching.in_memory import client, fetch_page

opened = []
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        mode, flags = args[1] or "", args[2] or 0
        if set(str(mode)) & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            opened.append(str(args[0]))
    elif event.startswith(("tempfile.", "shutil.", "sqlite3.connect", "subprocess.", "os.rename", "os.link")):
        opened.append(event)
sys.addaudithook(watch)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
look = fetch_page(sys.argv[1])
with client() as asks:
    made = small(asks.get(sys.argv[2]).body, width=320, blurred=True)
try:
    with open(sys.argv[3], "wb") as proof:
        proof.write(b"x")
    was_watched = False
except OSError:
    was_watched = True
print(json.dumps({
    "files": [seen.problem for seen in look.files], "hashed": sum(bool(seen.fingerprint) for seen in look.files),
    "preview": bool(made), "opened": opened, "was_watched": was_watched,
}))
"""


@pytest.mark.slow
def test_looking_hashing_and_previewing_write_no_file(outside: Outside, tmp_path: Path) -> None:
    bodies = {
        "/1.jpg": picture(1),
        "/2.png": picture(2, form="PNG"),
        "/huge.png": claims_to_be_huge(),
        "/cut.jpg": cut_off(picture(3)),
        "/large.bin": bytes(5_000_000),
        "/film.mp4": b"\x00\x00\x00\x18ftypmp42" + os.urandom(3_000_000),
    }
    for path, body in bodies.items():
        outside.site.put(path, pages.file(body, "application/octet-stream"))
    outside.site.put("/many.jpg", pages.late(pages.still(9), 0.1))
    outside.site.put("/a", pages.gallery("x", [*bodies, *(f"/many.jpg?{number}" for number in range(60))]))
    (tmp_path / "secret").write_text("only tests use this")
    proof = tmp_path / "proof"
    environment = os.environ | {
        "LEEWARD_DATA": str(tmp_path),
        "LEEWARD_DNS_RESOLVERS": json.dumps([outside.names.resolver]),
        "LEEWARD_FETCH_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "TMPDIR": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", WORKER, outside.url("/a"), outside.url("/1.jpg"), str(proof)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    children = {os.devnull, "subprocess.Popen"}  # what starting one takes
    assert [name for name in said["opened"] if name not in children] == [str(proof)], "something was opened for writing"
    assert said["was_watched"]
    assert said["preview"]
    assert said["hashed"] == len(said["files"]) == 66
    assert {"", "too_many_pixels", "cut_off"} <= set(said["files"])
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == ["secret"]
