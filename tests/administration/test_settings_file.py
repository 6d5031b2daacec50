"""A hotline's settings as one file: there and back, all or nothing, and one clear line for what can't be taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.services.settings_file import differences, take_settings, write_settings
from leeward.audit.queries import log_page
from leeward.cli import main
from leeward.ground.errors import BadInput, LeewardError, NotAllowed
from leeward.people.models import Invitation, Portal, User
from tests.personas import Cast

pytestmark = pytest.mark.django_db


def test_from_one_hotline_to_another(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        text = write_settings(cast.hotline_id)
        assert differences(cast.hotline_id, text) == []
    assert "pbkdf2" not in text
    assert "JBSWY3DPEHPK3PXP" not in text
    said = json.loads(text)
    said["portals"] = {"ag": said["portals"]["jm"] | {"country": "AG"}, "bb": {"emergency_number": "211"}}
    said["staff"] = {"eve@staff.example": {"name": "Eve", "roles": ["analyst"], "languages": ["en"]}}
    said["limits"] = {"previews": 100, "reason": "We are open all day."}
    dora, where = cast["dora"].actor, cast.other_hotline_id
    with scope(hotline=where):
        tried = take_settings(where, json.dumps(said), actor=dora, dry_run=True)
        assert not Portal.objects.filter(slug="ag").exists(), "a trial run changes nothing"
        assert take_settings(where, json.dumps(said), actor=dora) == tried
        assert {"portals.bb.emergency_number", "limits.previews"} <= {one.place for one in tried}
        assert differences(where, json.dumps({k: v for k, v in said.items() if k != "staff"})) == []
        assert take_settings(where, json.dumps(said), actor=dora)[0].place.startswith("staff."), "invited, not come yet"
    made = Portal.objects.get(slug="ag")
    assert (made.hotline_id, made.takes_reports, made.emergency_number) == (where, False, "119")
    assert Invitation.objects.get().email == "eve@staff.example"
    assert Portal.objects.get(slug="bb").police_email, "what the file does not name stays"
    line = next(line for line in log_page(where) if line.event == "settings.imported")
    assert line.actor == dora.label


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"leeward_settings": 2}, "version is 2"),
        ({"leeward_settings": None}, "no leeward_settings"),
        ({"colour": {}}, "colour can't be read"),
        ({"of": "jm", "limits": {"previews": 10, "speed": 1}}, "limits.speed"),
        ({"limits": {"previews": "many"}}, "limits"),
        ({"portals": {"jm": {"holidays": ["6 August"]}}}, "2027-08-06"),
        ({"portals": {"jm": {"working_days": 5}}}, "portals"),
        ({"staff": {"adam@staff.example": {"roles": ["king"]}}}, "king"),
        ({"portals": []}, "portals"),
    ],
)
def test_what_cannot_be_taken_changes_nothing(cast: Cast, change: dict[str, Any], says: str) -> None:
    said = {"leeward_settings": 1, "portals": {"jm": {"emergency_number": "911"}}} | change
    with scope(hotline=cast.hotline_id):
        before = write_settings(cast.hotline_id)
        with pytest.raises(LeewardError) as caught:
            take_settings(cast.hotline_id, json.dumps(said), actor=cast["adam"].actor)
        assert says in caught.value.text + str(caught.value.hint)
        assert write_settings(cast.hotline_id) == before
        assert not [line for line in log_page(cast.hotline_id) if line.event == "settings.imported"]


def test_only_administrators_take_a_file(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        for who in ("carl", "dora"):
            with pytest.raises(NotAllowed):
                take_settings(cast.hotline_id, write_settings(cast.hotline_id), actor=cast[who].actor)
        with pytest.raises(BadInput):
            take_settings(cast.hotline_id, "[" * 100_000, actor=cast["adam"].actor)


def test_the_command(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(main, "NOUNS", {"settings": main.NOUNS["settings"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())
    file = tmp_path / "jm.json"
    assert main.run(["settings", "export", "--hotline", "jm", "--out", str(file)]) == 0
    said = json.loads(file.read_text())
    said["hotline"]["name"] = "Another name"
    file.write_text(json.dumps({"leeward_settings": 1, "hotline": said["hotline"]}))
    for more in (["--dry-run"], []):
        assert main.run(["settings", "import", str(file), "--hotline", "jm", "--json", *more]) == 0
        (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert (row["place"], row["then"]) == ("hotline.name", '"Another name"')
    assert User.objects.filter(hotline__name="Another name").exists()
    file.write_text("{}")
    assert main.run(["settings", "import", str(file), "--hotline", "jm"]) == 2
    assert "no leeward_settings" in capsys.readouterr().err
