"""A bank of the hash bank as the list: records that count are found, look-alikes take matches away."""

import io
import json

import pytest
from django_scopes import scope

from leeward.foundation.errors import NotFound
from leeward.hashbank.services import add_record, keep_bank, pause_bank, say_of_source
from leeward.matching.hashing import hash_stream
from leeward.people.queries import hotline
from leeward.scanning.engines.work import Work, scan_item
from leeward.scanning.errors import ListRefused
from leeward.scanning.lists.bank import bank_list
from leeward.scanning.sources import Since, items_of
from tests.hashbank.asking import put_in
from tests.hashbank.conftest import FACTS, OPERATOR
from tests.scanning.material import by_place, jpeg, png

pytestmark = pytest.mark.django_db


def scanned(folder, compiled, name):
    matcher = Work((bank_list(name, compiled),)).matcher()
    lines = b"".join(scan_item(matcher, item).lines for item in items_of(str(folder), Since()))
    return by_place([json.loads(line) for line in lines.splitlines()])


def test_records_look_alikes_and_what_does_not_count(cast, tmp_path):
    folder, compiled = tmp_path / "storage", tmp_path / "compiled"
    folder.mkdir()
    compiled.mkdir()
    for seed in range(4):
        (folder / f"{seed}.jpg").write_bytes(jpeg(seed))
    with scope(hotline=cast.hotline_id):
        same, near = put_in(cast, jpeg(0)), put_in(cast, png(1))
        put_in(cast, png(2))
        withdrawn = put_in(cast, jpeg(3))
        say_of_source(withdrawn, "not_illegal", actor=cast["carl"].actor, source="another hotline")
        keep_bank("look-alikes", harmless=True, actor=cast["carl"].actor)
        code = hash_stream(io.BytesIO(jpeg(2))).pdq.code
        from leeward.hashbank.rules.kinds import Hash

        add_record([Hash("pdq", code, 90)], bank="look-alikes", facts=FACTS, actor=OPERATOR)
        rows = scanned(folder, compiled, "general")
        found = {name: [(match["kind"], match["id"]) for match in row["matches"]] for (name,), row in rows.items()}
        assert ("sha256", same) in found["0.jpg"]
        assert found["1.jpg"] == [("pdq", near)]
        assert found["2.jpg"] == []
        with pytest.raises(ListRefused, match="harmless"):
            bank_list("look-alikes", compiled)
        with pytest.raises(NotFound):
            bank_list("nowhere", compiled)
        pause_bank("general", None, actor=cast["carl"].actor)


def test_the_command_opens_the_hotline_s_bank(cast, tmp_path, capfd):
    from leeward.cli.main import run

    (tmp_path / "0.txt").write_bytes(b"words")
    assert run(["scan", str(tmp_path), "--bank", "general"]) == 2
    assert "say --hotline with one of" in capfd.readouterr().err
    assert run(["scan", str(tmp_path), "--bank", "nowhere", "--hotline", hotline(cast.hotline_id).slug]) == 2
    assert "no bank with this name" in capfd.readouterr().err
