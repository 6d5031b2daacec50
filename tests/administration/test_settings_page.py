"""The settings file on the desk: out with a reason, in with a look first; what is hostile gets one sentence and changes nothing."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from leeward.administration.services.settings_file import write_settings
from leeward.audit.queries import log_page
from leeward.people.models import Hotline
from tests.administration.furnished import furnish
from tests.people.signing import events, signed_in
from tests.personas import Cast

FILE = "/desk/administration/file"


def sent(client: Client, said: object, **more: Any) -> Any:
    """A file brought in for a look."""
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    return client.post(f"{FILE}/in", {"file": SimpleUploadedFile("x.json", content), **more})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.django_db
def test_out_with_a_reason_and_in_as_it_was_seen(cast: Cast, django_assert_max_num_queries: Any) -> None:
    furnish(cast)
    adam, here = signed_in(cast, "adam"), cast.hotline_id
    with django_assert_max_num_queries(12):
        page = adam.get(FILE).content.decode()
    once = hidden(page, "once")
    assert adam.post(f"{FILE}/out", {"once": once, "part": ["hotline"]}).status_code == 422
    assert adam.post(f"{FILE}/out", {"once": once, "why": "copy"}).status_code == 422
    parts = re.findall(r'name="part" id="[^"]+" value="([^"]+)"', page)
    out = adam.post(f"{FILE}/out", {"once": once, "part": parts, "why": "move"})
    assert (out["Cache-Control"], "leeward-jm-" in out["Content-Disposition"]) == ("no-store", True)
    said = json.loads(out.content)
    assert adam.post(f"{FILE}/out", {"once": once, "part": parts, "why": "move"}).status_code == 302
    line = next(one for one in log_page(here) if one.event == "settings.exported")
    assert (line.actor, line.facts["why"], line.facts["sections"]) == (cast["adam"].actor.label, "move", sorted(parts))

    with django_assert_max_num_queries(45):  # one or two a part: not more for a longer file
        same = sent(adam, said).content.decode()
    assert "there is nothing to change" in same
    assert 'value="take"' not in same
    said["hotline"]["name"] = "Hotline of <b>Jamaica</b>"
    said["contacts"]["host/JM/new@host.example"] = {"name": "New"}
    seen = sent(adam, said).content.decode()
    assert "&lt;b&gt;Jamaica" in seen
    assert "new@host.example" in seen
    assert Hotline.objects.get(pk=here).name == "Hotline of Jamaica"
    form = {"text": json.dumps(said), "go": "take", "once": hidden(seen, "once"), "seen": hidden(seen, "seen")}
    Hotline.objects.filter(pk=here).update(email="changed@meanwhile.example")
    assert "Something was changed since" in adam.post(f"{FILE}/in", form).content.decode()
    Hotline.objects.filter(pk=here).update(email="desk@jm.example")
    for _twice in range(2):
        assert adam.post(f"{FILE}/in", form).status_code == 302
    assert Hotline.objects.get(pk=here).name == "Hotline of <b>Jamaica</b>"
    assert events(here).count("settings.imported") == 1
    assert signed_in(cast, "carl").post(f"{FILE}/in", form).status_code == 403


@pytest.mark.django_db
def test_what_is_hostile_gets_one_sentence(cast: Cast) -> None:
    adam, here = signed_in(cast, "adam"), cast.hotline_id
    with scope(hotline=here):
        before = write_settings(here)
    good = json.loads(before)
    for content, says in (
        (b"", "nothing in it"),
        (b"\xff\xfe\x00", "it is not text"),
        (b'{"leeward_settings": 1,\n "hotline": {"name": }}', "line 2, column"),
        (b"[" * 100_000, "it is not JSON"),
        (b" " * 2_100_000, "longer than 2 MB"),
        (b"x" * 10_000_000, "5 MB"),
        (json.dumps(good | {"hotline": {"nmae": "A"}}).encode(), "hotline.nmae"),
    ):
        answer = sent(adam, content)
        assert answer.status_code in (413, 422)
        assert says in answer.content.decode(), says
    other = sent(adam, good | {"of": "tt", "hotline": {"name": "Hotline of Tobago"}}).content.decode()
    assert "was written for the hotline tt" in other
    form = {"text": json.dumps({**good, "of": "tt", "hotline": {"name": "T"}}), "go": "take"}
    form |= {"once": hidden(other, "once"), "seen": hidden(other, "seen")}
    wrong = {"portals": {"jm": {"time_zone": "Moon/Crater"}}, "hotline": {"email": "new@jm.example"}}
    refused = sent(adam, good | wrong)
    assert refused.status_code == 422
    assert "Moon/Crater" in refused.content.decode(), "what was sent can be corrected there"
    assert 'value="take"' not in refused.content.decode()
    adam.post(f"{FILE}/in", form)
    with scope(hotline=here):
        assert write_settings(here) == before
    assert "settings.imported" not in events(here)
