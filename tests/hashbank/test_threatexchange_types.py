"""python-threatexchange's own types and exchanges read our exports, where that package can be found.

It is no dependency (it brings faiss): LEEWARD_TEST_THREATEXCHANGE names a Python that has it, else the one of the benches is used.
"""

import json
import os
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pytest

from leeward.hashbank.lists.services.exporting import Selection, export_list
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code

BENCH = Path(tempfile.gettempdir()) / "leeward-bench" / "peers" / "bin" / "python"
PYTHON = Path(os.environ.get("LEEWARD_TEST_THREATEXCHANGE", BENCH))
PROGRAM = """
import json, sys
from threatexchange.exchanges.impl.file_api import FileCollaborationConfig, LocalFileSignalExchangeAPI
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

plain, descriptors, near = sys.argv[1:4]
exchange = LocalFileSignalExchangeAPI.for_collab(FileCollaborationConfig(name="leeward", filename=plain))
fetched = [key for delta in exchange.fetch_iter([PdqSignal, VideoMD5Signal], None) for key in delta.updates]
pdq = [text for kind, text in fetched if kind == PdqSignal.get_name()]
index = PdqSignal.get_index_cls().build([(text, text) for text in pdq])
rows = json.load(open(descriptors))["data"]
named = [PdqSignal.validate_signal_str(row["raw_indicator"]) for row in rows if row["type"] == PdqSignal.INDICATOR_TYPE]
films = [VideoMD5Signal.validate_signal_str(row["raw_indicator"]) for row in rows if row["type"] == "HASH_VIDEO_MD5"]
print(json.dumps({
    "fetched": sorted(fetched),
    "found": [match.metadata for match in index.query(near)],
    "distance": PdqSignal.compare_hash(pdq[0], near).distance.distance,
    "named": named,
    "films": films,
}))
"""


@pytest.mark.skipif(
    not PYTHON.exists(), reason="no Python with threatexchange: name one in LEEWARD_TEST_THREATEXCHANGE"
)
def test_its_types_read_our_exports(bank: Desk, tmp_path: Path):
    code = picture_code(1)
    add_record([Hash("pdq", code, 90)], actor=bank.analyst)
    film = file_hashes("a film")[0]
    add_record([film], media="video", actor=bank.analyst)
    for form in ("plain", "threatexchange"):
        out = BytesIO()
        export_list(out, format_name=form, selection=Selection(), actor=bank.supervisor)
        (tmp_path / form).write_bytes(out.getvalue())
    near = bits_off(code, 7).hex()
    command = [PYTHON, "-c", PROGRAM, tmp_path / "plain", tmp_path / "threatexchange", near]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        "fetched": sorted([["pdq", code.hex()], ["video_md5", film.text]]),
        "found": [code.hex()],
        "distance": 7,
        "named": [code.hex()],
        "films": [film.text],
    }
