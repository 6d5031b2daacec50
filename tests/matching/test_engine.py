"""Without numba, without Pillow's extras, without a folder to keep compiled code in: everything still works."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numba", "llvmlite", "pillow_heif", "django"):
            raise ImportError(name + " is not there")

sys.meta_path.insert(0, Block())
import io
import numpy as np
from PIL import Image
from leeward.matching.hashing import hash_stream
from leeward.matching.index import Index

codes = np.random.default_rng(0).integers(0, 256, (3000, 32), dtype=np.uint8)
index = Index.build(sys.argv[1], codes, banded_from=0)
index.add(codes[:2])
assert index.info()["engine"] == "numpy"
assert index.search(codes[:2], 31).id.tolist() == [0, 3000, 1, 3001]
stream = io.BytesIO()
Image.fromarray(codes[:900].reshape(120, 240).repeat(3, axis=0)).save(stream, "PNG")
row = hash_stream(stream, name="x.png").as_dict()
print(row["pdq"], row["tth"])

from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from base64 import b64encode
from datetime import datetime, UTC
from leeward.matching import Matcher
from leeward.matching.lists import ListBank, ListContent, Signer, write_list
key = Ed25519PrivateKey.from_private_bytes(bytes(32))
signer = Signer(b64encode(key.public_key().public_bytes_raw()).decode(), lambda text: b64encode(key.sign(text)).decode())
content = ListContent(
    np.array([17], np.uint64), np.zeros(1, np.uint16), np.zeros(1, np.uint16), (ListBank(0, "known"),),
    codes=np.frombuffer(bytes.fromhex(row["pdq"]), np.uint8).reshape(1, 32), code_rows=np.zeros(1, np.uint32),
)
folder = Path(sys.argv[1] + ".list")
write_list(folder, content, name="test", serial=1, made_at=datetime.now(UTC), signer=signer)
answer = Matcher(folder, key=signer.public_key).check(stream.getvalue())
print(answer.match, answer.record, answer.advice)
"""


def run(tmp_path, program, **environment):
    command = [sys.executable, "-c", program, str(tmp_path / "x.index")]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | environment
    ).stdout.split()


def test_the_same_without_numba(tmp_path):
    blocked = run(tmp_path, PROGRAM)
    free = PROGRAM.replace('"numba", "llvmlite", ', "").replace('== "numpy"', '== "numba"')
    assert run(tmp_path, free) == blocked


@pytest.mark.slow
def test_a_numba_that_can_keep_nothing_compiles_for_the_process(tmp_path):
    program = """
import os
from leeward.matching.index.engine import engine_name
print(engine_name())
from numba import config
print(os.path.isdir(config.CACHE_DIR), config.CACHE_DIR)
"""
    nowhere = {"NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator", "NUMBA_CACHE_DIR": ""}
    name, existed, folder = run(tmp_path, program, **nowhere)
    assert (name, existed) == ("numba", "True")
    assert "leeward-kernels-" in folder
    assert not os.path.exists(folder)


def test_where_no_compiled_code_may_run_the_answers_are_the_same(tmp_path):
    forbid = "import ctypes; forbidden = ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)  # PR_SET_MDWE, as systemd does it\n"
    free = PROGRAM.replace('"numba", "llvmlite", ', "")
    if run(tmp_path, forbid + "print(forbidden)") != ["0"]:
        pytest.skip("this kernel forbids nothing of the kind (Linux 6.3 does)")
    assert run(tmp_path, forbid + free) == run(tmp_path, PROGRAM)
