"""A hotline reads its pages out: only the sound is kept, and visitors hear it once a second person has."""

import io
from typing import Any

import av
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.audit.queries import log_page
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people import queries, services
from leeward.people.decoders.sound import only_sound
from leeward.people.errors import ChangeWaits, FieldIsWrong, NotSecondPerson
from leeward.people.models import Portal
from leeward.people.rules.recordings import FORMS, MEDIA_TYPES, about, form_of, page_and_language
from tests.having_read import post_as_shown, seen_on
from tests.intake.walk import Walk, report
from tests.people.signing import signed_in
from tests.personas import Cast

ENCODERS = {"mp3": "mp3", "mp4": "aac", "ogg": "libopus"}
RATE = 48_000


def tone(form: str, seconds: float = 0.5, *, encoder: str = "", hertz: int = 440) -> bytes:
    """A file with a tone, and with what a telephone writes into its files."""
    target = io.BytesIO()
    with av.open(target, "w", format=form) as made:
        made.metadata.update({"title": "Kitchen at home", "location": "+17.9-076.8/"})
        track: Any = made.add_stream(encoder or ENCODERS[form], rate=RATE)
        track.layout = "mono"
        wave = np.sin(np.arange(int(RATE * seconds)) * hertz * 2 * np.pi / RATE).astype(np.float32) * np.float32(0.3)
        frame = av.AudioFrame.from_ndarray(wave[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        cut = av.AudioResampler(format=track.format, layout="mono", rate=RATE, frame_size=track.frame_size or 0)
        for part in [*cut.resample(frame), *cut.resample(None)]:
            made.mux(track.encode(part))
        made.mux(track.encode())
    return target.getvalue()


def heard(body: bytes, form: str, most_seconds: int = 300) -> dict[str, Any]:
    return only_sound(body, form=form, codec=FORMS[form].codec, most_seconds=most_seconds)


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf3\x90\x00", "mp3"),
        (b"\xff\xe2\x90\x00", "mp3"),
        (b"\xff\xf1\x90\x00", None),  # AAC without a container
        (b"\xff\xeb\x90\x00", None),  # a version that does not exist
        (b"\xfe\xfb\x90\x00", None),
        (b"\xff\xfb", "mp3"),
        (b"\xff", None),
        (b"\x00\x00\x00\x1cftypM4A ", "mp4"),
        (b"\x00\x00\x00\x1cmoov", None),
        (b"OggS\x00", "ogg"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"#EXTM3U", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(start: bytes, form: str | None) -> None:
    assert form_of(start) == form


def test_a_change_names_its_page_and_language() -> None:
    assert page_and_language(about("talk", "pt-br")) == ("talk", "pt-br")
    assert MEDIA_TYPES == ("audio/mpeg", "audio/mp4", "audio/ogg")


@pytest.mark.parametrize("form", FORMS)
def test_only_the_sound_is_kept_and_all_of_it_counts(form: str) -> None:
    body = tone(form)
    found = heard(body, form)
    assert found["seconds"] == pytest.approx(0.5, abs=0.1)
    assert form_of(found["body"]) == form
    for private in (b"Kitchen", b"loci" if form == "mp4" else b"+17.9"):  # a box with the place, as numbers
        assert private in body
        assert private not in found["body"]
    assert heard(found["body"], form)["seconds"] == pytest.approx(found["seconds"])
    assert heard(tone(form, 1.5), form, most_seconds=1) == {"why": "too_long"}


@pytest.mark.parametrize(
    ("form", "body"),
    [("mp3", b"ID3" + bytes(3000)), ("mp4", b"\x00\x00\x00\x1cftypisom" + bytes(300)), ("ogg", b"OggS"), ("ogg", b"")],
)
def test_what_holds_no_sound_is_not_taken(form: str, body: bytes) -> None:
    assert heard(body, form) == {"why": "unreadable"}
    assert heard(tone("mp3"), "mp4") == {"why": "unreadable"}
    assert heard(tone("ogg", encoder="flac"), "ogg") == {"why": "unreadable"}, "of another codec"


def keep(cast: Cast, body: bytes, page: str = "report", language: str = "en") -> int:
    return services.keep_recording(cast.portal_id, page, language, body, actor=cast["adam"].actor)


@pytest.mark.django_db
def test_visitors_hear_it_once_a_second_person_has(cast: Cast) -> None:
    adam = signed_in(cast, "adam")
    url = f"/desk/portals/{cast.portal_id}/recordings"
    file = SimpleUploadedFile("Kitchen.mp3", tone("mp3"))
    assert adam.post(url, {"page": "report", "language": "en", "file": file}).status_code == 302
    [row] = queries.recordings_of(cast.portal_id)
    page = adam.get(url)
    assert f'src="{url}/{row.sha256}"' in page.content.decode()
    assert "media-src 'self'" in page["Content-Security-Policy"]
    assert adam.get(f"{url}/{row.sha256}").content[:3] == b"ID3", "it is heard on the desk first"
    old = seen_on(page.content.decode())
    again = SimpleUploadedFile("Hall.mp3", tone("mp3", hertz=550))
    adam.post(url, {"page": "report", "language": "en", "file": again})
    for seen in (old, ""):
        assert adam.post(f"{url}/settle", {"act": f"show:{row.id}", "seen": seen}).status_code == 409, (
            "nobody has heard it"
        )
    [row] = queries.recordings_of(cast.portal_id)
    assert post_as_shown(adam, url, f"{url}/settle", act=f"show:{row.id}").status_code == 302
    [change] = queries.portal_changes_waiting(cast.hotline_id)
    address = f"/jm/recording/{row.sha256}"
    assert Client().get(address).status_code == 404
    before = Client().get("/jm/report", follow=True)
    assert b"<audio" not in before.content
    assert "media-src" not in before["Content-Security-Policy"]
    with pytest.raises(NotSecondPerson):
        services.settle_change(change.id, confirm=True, actor=cast["adam"].actor)
    with pytest.raises(ChangeWaits):
        keep(cast, tone("ogg", hertz=880))
    with pytest.raises(ChangeWaits):
        services.remove_recording(cast.portal_id, row.id, actor=cast["adam"].actor)
    shown = signed_in(cast, "carl").get(f"/desk/portals/changes/{change.id}")
    assert f'src="{url}/{row.sha256}"' in shown.content.decode(), "the second person hears it too"
    services.settle_change(change.id, confirm=True, actor=cast["carl"].actor)
    page = Client().get("/jm/report", follow=True)
    assert f'<audio controls preload="none" aria-labelledby="listen" src="{address}">' in page.content.decode()
    assert page["Content-Security-Policy"].endswith("; media-src 'self'")
    assert "<script" not in page.content.decode()
    for other in ("/jm/fr/report", "/jm/talk", "/jm/"):
        assert b"<audio" not in Client().get(other).content, "of another language or page"
    walk = Walk()
    report(walk)
    assert "<audio" not in walk.response.content.decode()
    events = [entry.event for entry in log_page(cast.hotline_id)]
    assert {"recording.kept", "recording.shown"} <= set(events)


@pytest.mark.django_db
def test_a_telephone_gets_the_part_that_it_asks_for(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=False)
    number = keep(cast, tone("mp4"), page="talk")
    assert services.show_recording(cast.portal_id, number, actor=cast["adam"].actor) is None, (
        "not in use: one is enough"
    )
    row = queries.recording_shown(cast.portal_id, "talk", "en")
    assert row is not None
    address, guest = f"/jm/recording/{row.sha256}", Client()
    whole = guest.get(address)
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == ("audio/mp4", "bytes")
    assert "immutable" in whole["Cache-Control"]
    assert "Content-Disposition" not in whole
    first = guest.get(address, headers={"range": "bytes=0-1"})
    assert (first.status_code, first.content) == (206, whole.content[:2])
    assert first["Content-Range"] == f"bytes 0-1/{len(whole.content)}"
    last = guest.get(address, headers={"range": "bytes=-5"})
    assert last.content == whole.content[-5:]
    assert guest.get(address, headers={"range": f"bytes={len(whole.content)}-"}).status_code == 416
    assert guest.get(address, headers={"if-none-match": whole["ETag"]}).status_code == 304
    assert address in guest.get("/jm/talk").content.decode()
    assert guest.get(address.replace("/jm/", "/bb/")).status_code == 404, "of another portal"
    newer = keep(cast, tone("ogg", hertz=880), page="talk")
    services.show_recording(cast.portal_id, newer, actor=cast["adam"].actor)
    assert [one.id for one in queries.recordings_of(cast.portal_id)] == [newer]
    assert guest.get(address).status_code == 404, "replaced"
    services.remove_recording(cast.portal_id, newer, actor=Actor("command"))
    assert queries.recordings_of(cast.portal_id) == []
    assert b"<audio" not in guest.get("/jm/talk").content


@pytest.mark.django_db
def test_a_shown_one_is_removed_by_two_and_is_played_on_the_receipt(cast: Cast) -> None:
    number = keep(cast, tone("ogg"), page="receipt")
    services.show_recording(cast.portal_id, number, actor=Actor("command"))
    walk = Walk()
    report(walk)
    assert "Listen to this page" in walk.text
    change = services.remove_recording(cast.portal_id, number, actor=cast["adam"].actor)
    assert change is not None
    assert queries.recording_shown(cast.portal_id, "receipt", "en") is not None
    services.settle_change(change, confirm=True, actor=cast["carl"].actor)
    assert queries.recordings_of(cast.portal_id) == []


@pytest.mark.django_db
def test_what_is_refused_says_why(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page = signed_in(cast, "adam").post(
        f"/desk/portals/{cast.portal_id}/recordings",
        {"page": "report", "language": "en", "file": SimpleUploadedFile("page.mp3", b"<html>")},
    )
    assert page.status_code == 422
    assert "it is not an MP3, M4A or Opus file." in page.content.decode()
    for body, why in (
        (b"ID3" + bytes(3000), "not an MP3"),
        (b"ID3" + bytes(4_000_000), "more than 4 MB"),
    ):
        with pytest.raises(FieldIsWrong, match=why):
            keep(cast, body)
    monkeypatch.setattr("leeward.people.services.recordings.MOST_SECONDS", 1)
    with pytest.raises(FieldIsWrong, match="longer than 5 minutes"):
        keep(cast, tone("mp3", 1.5))
    for where in (("other", "en"), ("report", "de")):
        with pytest.raises(NotFound):
            keep(cast, tone("mp3"), *where)
    assert queries.recordings_of(cast.portal_id) == []


@pytest.mark.django_db
def test_who_may(cast: Cast) -> None:
    number = keep(cast, tone("ogg"))
    [row] = queries.recordings_of(cast.portal_id)
    for name, error in (("ana", NotAllowed), ("carl", NotAllowed), ("dora", NotFound)):
        actor = cast[name].actor
        for act in (services.show_recording, services.remove_recording):
            with pytest.raises(error):
                act(cast.portal_id, number, actor=actor)
        with pytest.raises(error):
            services.keep_recording(cast.portal_id, "report", "en", tone("ogg"), actor=actor)
    dora, url = signed_in(cast, "dora"), f"/desk/portals/{cast.portal_id}/recordings"
    assert [dora.get(path).status_code for path in (url, f"{url}/{row.sha256}")] == [404, 404]
    own = f"/desk/portals/{cast.other_portal_id}/recordings"
    assert row.sha256 not in dora.get(own).content.decode()
    assert dora.get(f"{own}/{row.sha256}").status_code == 404
    with pytest.raises(NotFound):
        services.show_recording(cast.other_portal_id, number, actor=cast["dora"].actor)
