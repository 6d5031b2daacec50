"""A hotline's settings as one file: there and back, all or nothing, and one clear line for what can't be taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.errors import ChangedMeanwhile, SettingsRefused
from leeward.administration.services.settings_file import take_settings, try_settings, write_settings
from leeward.audit.queries import log_page
from leeward.blocklist.publishing.models import Subscriber
from leeward.cli import main
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError, NotAllowed
from leeward.notices.models import Contact
from leeward.notices.services import ContactDetails, add_contact, set_webhook
from leeward.people.models import Invitation, Portal, User
from tests.administration.furnished import furnish
from tests.people.signing import events
from tests.personas import Cast

pytestmark = pytest.mark.django_db
# Names in addresses are one for the whole installation, so these parts can't be taken by a second hotline of it.
TIED = ("portals", "staff", "clocks", "on_call")
EVERY = {
    "clocks", "contacts", "hotline", "keys", "limits", "lists", "on_call", "portals", "publishing", "questions",
    "sampling", "staff", "subscribers", "texts",
}  # fmt: skip


def test_everything_goes_there_and_comes_back(cast: Cast) -> None:
    secrets, adam = furnish(cast), cast["adam"].actor
    with scope(hotline=cast.hotline_id):
        text = write_settings(cast.hotline_id)
        said = json.loads(text)
        assert set(said) >= EVERY, "a part is missing"
        assert all(said[part] for part in EVERY), "nothing of it was set"
        assert not [secret for secret in secrets if secret in text]
        before, told = write_settings(cast.hotline_id), len(events(cast.hotline_id))
        again = take_settings(cast.hotline_id, text, actor=adam)
        assert (again.changed, write_settings(cast.hotline_id)) == ([], before)
        assert len(events(cast.hotline_id)) == told, "what changes nothing leaves no line in the log"
        assert again.by_hand == []


def test_from_one_hotline_to_another(cast: Cast) -> None:
    furnish(cast)
    dora, where = cast["dora"].actor, cast.other_hotline_id
    Portal.objects.filter(slug="bb").update(takes_reports=False)  # else staff change its numbers only two together
    with scope(hotline=cast.hotline_id):
        said = json.loads(write_settings(cast.hotline_id))
    whole = {name: part for name, part in said.items() if name not in TIED}
    whole |= {
        "portals": {"ag": said["portals"]["jm"] | {"country": "AG"}, "bb": {"emergency_number": "211"}},
        "helplines": {"ag/Child helpline": said["helplines"]["jm/Child helpline"]},
        "staff": {"fay@staff.example": said["staff"]["ana@staff.example"]},
        "clocks": {"ag/first_assessment": said["clocks"]["jm/first_assessment"], "bb/removed": {"page": None}},
        "on_call": {"ag": {"email": "night@desk.example"}},
        "limits": {"previews": 100, "heaviest_weight": 5, "reason": "We are open all day."},
    }
    text = json.dumps(whole)
    with scope(hotline=where):
        tried = try_settings(where, text, actor=dora)
        assert tried.refused == []
        by_command = try_settings(where, text, actor=Actor(kind="command", hotline_id=where))
        assert by_command.refused == [], "whoever runs the machine may bring in every section"
        assert by_command.changed == tried.changed
        assert not Portal.objects.filter(slug="ag").exists(), "a trial changes nothing"
        done = take_settings(where, text, actor=dora, as_seen=tried.digest)
        assert done.changed == tried.changed
        assert {
            "portals.bb.emergency_number",
            "limits.previews",
            "limits.heaviest_weight",
            "clocks.bb/removed.amount",
        } <= {one.place for one in done.changed}
        assert take_settings(where, text, actor=dora).changed == [], "a second time changes nothing"
        now = json.loads(write_settings(where))
        for part in ("texts", "contacts", "questions", "sampling", "publishing", "lists", "subscribers"):
            assert now[part] == said[part], part
        assert Subscriber.objects.get().token_id is None, "whoever gets a key must see it"
        assert Contact.objects.get().fingerprint
        assert "test-password" not in json.dumps(now)
    made = Portal.objects.get(slug="ag")
    assert (made.hotline_id, made.takes_reports, made.emergency_number) == (where, False, "119")
    assert (Invitation.objects.get(hotline=where).email, Portal.objects.get(slug="bb").police_email) == (
        "fay@staff.example", "police@constabulary.example")  # fmt: skip
    for words in ("island", "canaries", "Look-ups", "fay@staff.example sets", "countries of fay", "portal ag"):
        assert any(words in line for line in done.by_hand), words
    assert next(line for line in log_page(where) if line.event == "settings.imported").actor == dora.label


CAN_NOT: list[tuple[dict[str, Any], str]] = [
    ({"leeward_settings": 2}, "version is 2"),
    ({"leeward_settings": True}, "no leeward_settings"),
    ({"colour": {}}, "colour can't be read"),
    ({"of": "jm", "limits": {"previews": 10, "speed": 1}}, "limits.speed"),
    ({"limits": {"previews": "many"}}, "limits.previews"),
    ({"limits": {"previews": True}}, "a whole number"),
    ({"limits": {"previews": 10**30}}, "limits"),
    ({"limits": {"heavy_weight": 9}}, "contradict each other"),
    ({"portals": {"jm": {"holidays": ["6 August"]}}}, "2027-08-06"),
    ({"portals": {"jm": {"working_days": 5}}}, "portals.jm.working_days"),
    ({"portals": {"jm": {"name": "Jam\0aica"}}}, "a character that can’t be stored"),
    ({"portals": {"jm": {"name": "\ud800"}}}, "a character that can’t be stored"),
    ({"portals": {"bb": {"emergency_number": "911"}}}, "portals.bb"),
    ({"staff": {"adam@staff.example": {"roles": ["king"]}}}, "king"),
    ({"staff": {"dora@staff.example": {"roles": ["analyst"]}}}, "staff.dora@staff.example"),
    ({"portals": []}, "portals"),
    ({"clocks": {"jm/first_assessment": {"amount": 0}}}, "clocks.jm/first_assessment"),
    ({"clocks": {"jm/first_assessment": {"amount": 1e300}}}, "clocks.jm/first_assessment"),
    ({"clocks": {"bb/first_assessment": {"amount": 5}}}, "clocks.bb/first_assessment"),
    ({"clocks": {"jm/first_assessment": {"pauses": ["lunch"]}}}, "police_hold"),
    ({"on_call": {"jm": {"email": "night"}}}, "on_call.jm"),
    ({"texts": {"host/fr": {"subject": "Avis", "body": "{password}"}}}, "texts.host/fr"),
    ({"texts": {"host/<b>": {"subject": "Avis"}}}, "kind/language"),
    ({"contacts": {"host/JM/abuse": {}}}, "contacts.host/JM/abuse"),
    ({"contacts": {"enemy/JM/a@b.example": {}}}, "kind/COUNTRY/address"),
    ({"contacts": {"host/JM/a@b.example": {"certificate": "no key"}}}, "contacts.host/JM/a@b.example"),
    ({"questions": {"still-there": {"texts": {"en": "Well?"}}}}, "questions.still-there"),
    ({"questions": {"which": {"texts": {"en": ["a"]}}}}, "questions.which.texts"),
    ({"sampling": {"illegal_percent": 101}}, "0 to 100"),
    ({"subscribers": {"x": {"lists": ["none"], "formats": ["rpz"]}}}, "no list with the name none"),
    ({"publishing": {"canary_domains": ["a.example"]}}, "publishing.canary_domains"),
    ({"lists": {"national": {"title": "Ours"}}}, "lists.national"),
]


def test_what_cannot_be_taken_changes_nothing(cast: Cast) -> None:
    adam, here = cast["adam"].actor, cast.hotline_id
    with scope(hotline=here):
        before = write_settings(here)
        for change, says in CAN_NOT:
            said = {"leeward_settings": 1, "portals": {"jm": {"emergency_number": "911"}}} | change
            with pytest.raises(LeewardError) as caught:
                take_settings(here, json.dumps(said), actor=adam)
            assert says in caught.value.text + str(caught.value.hint), change
        assert write_settings(here) == before
        assert "settings.imported" not in events(here)


def test_a_webhook_is_put_again_by_hand_and_no_part_of_its_address_travels(cast: Cast) -> None:
    adam, here, there = cast["adam"].actor, cast.hotline_id, cast.other_hotline_id
    with scope(hotline=here):
        number = add_contact(ContactDetails("host", "", "", "abuse@host.example"), hotline_id=here, actor=adam)
        set_webhook(number, "https://host.example/notices?token=palm", actor=adam)
        text = write_settings(here, only=["contacts"])
        assert take_settings(here, text, actor=adam).by_hand == []
    assert "palm" not in text
    with scope(hotline=there):
        for _ in range(2):
            done = take_settings(there, text, actor=cast["dora"].actor)
            assert "Set up the webhook of abuse@host.example on its page" in done.by_hand[0]
        assert done.changed == []
        assert Contact.objects.get().webhook_url == "", "until then it gets mail"


def test_each_line_that_is_refused_is_named_and_the_others_are_known_to_be_good(cast: Cast) -> None:
    rows = {f"host/JM/abuse{number}@host.example": {"name": "Host"} for number in range(40)}
    rows |= {"enemy/JM/a@b.example": {}, "host/JM/none": {}}
    said = {"leeward_settings": 1, "contacts": rows, "sampling": {"illegal_percent": 7}}
    adam, here = cast["adam"].actor, cast.hotline_id
    with scope(hotline=here):
        seen = try_settings(here, json.dumps(said), actor=adam)
        assert {one.place for one in seen.refused} == {"contacts.enemy/JM/a@b.example", "contacts.host/JM/none"}
        assert len({one.row for one in seen.changed}) == 41
        with pytest.raises(SettingsRefused) as refused:
            take_settings(here, json.dumps(said), actor=adam)
        for place in ("contacts.enemy/JM/a@b.example: ", "contacts.host/JM/none: "):
            assert place in refused.value.text, "the command names each line too"
        assert not Contact.objects.exists()
        only = take_settings(here, json.dumps(said), actor=adam, only=["sampling"])
        assert [one.place for one in only.changed] == ["sampling.illegal_percent"]
        with pytest.raises(ChangedMeanwhile):
            take_settings(here, json.dumps(said), actor=adam, only=["sampling"], as_seen=only.digest)


def test_a_mode_for_all_portals_of_a_file_of_before_is_not_passed_over(cast: Cast) -> None:
    adam, here = cast["adam"].actor, cast.hotline_id
    with scope(hotline=here):
        before = {"leeward_settings": 1, "hotline": {"name": "Hotline", "mode": "post_box"}}
        with pytest.raises(SettingsRefused, match="each portal has its own"):
            take_settings(here, json.dumps(before), actor=adam)
        before["hotline"] = {"name": "Hotline", "mode": "assess"}
        take_settings(here, json.dumps(before), actor=adam)


def test_only_administrators_and_no_hostile_text(cast: Cast) -> None:
    adam, here = cast["adam"].actor, cast.hotline_id
    with scope(hotline=here):
        for who in ("carl", "dora"):
            with pytest.raises(NotAllowed):
                take_settings(here, write_settings(here), actor=cast[who].actor)
            with pytest.raises(NotAllowed):
                write_settings(here, actor=cast[who].actor)
        twice = '{"leeward_settings": 1, "hotline": {"name": "A", "name": "B"}}'
        for hostile in ("[" * 100_000, "é" * 1_000_001, "NaN", '{"leeward_settings": NaN}', "9" * 5000, "null", twice):
            with pytest.raises(BadInput):
                take_settings(here, hostile, actor=adam)


def test_the_command(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(main, "NOUNS", {"settings": main.NOUNS["settings"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())
    file = tmp_path / "jm.json"
    assert main.run(["settings", "export", "--hotline", "jm", "--only", "hotline", "--out", str(file)]) == 0
    said = json.loads(file.read_text())
    assert list(said) == ["leeward_settings", "of", "hotline"]
    said["hotline"]["name"] = "Another name"
    file.write_text(json.dumps({"leeward_settings": 1, "hotline": said["hotline"]}))
    for more in (["--dry-run"], []):
        assert main.run(["settings", "import", str(file), "--hotline", "jm", "--json", *more]) == 0
        (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert (row["place"], row["then"]) == ("hotline.name", '"Another name"')
    assert User.objects.filter(hotline__name="Another name").exists()
    assert main.run(["settings", "import", str(file), "--hotline", "jm"]) == 0
    assert "Nothing changes" in capsys.readouterr().err
    file.write_text("{}")
    assert main.run(["settings", "import", str(file), "--hotline", "jm"]) == 2
    assert "no leeward_settings" in capsys.readouterr().err
    assert main.run(["settings", "export", "--hotline", "jm", "--only", "colour"]) == 2
    assert "colour" in capsys.readouterr().err
