"""Every byte that a browser sends from the page of a person's own picture: nothing of the picture is among them."""

import base64
import hashlib
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from django_scopes import scope
from PIL import Image, ImageOps
from playwright.sync_api import FilePayload

from leeward.hashbank.uploads.services.checking import check_files
from leeward.intake.models import Report
from leeward.jobs.worker import run_until_idle
from leeward.people.models import Portal
from tests.browser import PHONE, Visit
from tests.matching.pictures import picture, saved
from tests.personas import Cast
from tests.tap import Tap, runs_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME, MAKER = "zanzibar-holiday-4711.jpg", "Kestrelcam Obscura Nine"


def marked(image: Image.Image) -> bytes:
    """A JPEG with a maker, a place and a small picture of itself inside."""
    exif = Image.Exif()
    exif[0x010F] = MAKER
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (17.0, 58.0, 17.5)
    thumbnail = saved(image.resize((60, 45)), "JPEG").getvalue()
    return saved(image, "JPEG", quality=90, exif=exif, comment=thumbnail).getvalue()


def test_of_a_whole_camera_roll_ten_are_read_and_the_page_says_so(cast: Cast, visitor: Visit) -> None:
    """An old phone isn't kept busy with thirty pictures whose fingerprints would be thrown away."""
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    guest = visitor(size=PHONE)
    guest.go("/jm/my-picture")
    guest.page.evaluate(
        """() => {
            const read = OwnPicture.ofFile;
            window.files = 0;
            OwnPicture.ofFile = (file) => { window.files++; return read(file); };
        }"""
    )
    roll = [
        FilePayload(name=f"{seed}.png", mimeType="image/png", buffer=saved(picture(40, 30, seed), "PNG").getvalue())
        for seed in range(40)
    ]
    guest.page.set_input_files("#files", roll)
    guest.page.locator("[data-why=many]:not([hidden])").wait_for()
    assert guest.page.evaluate("window.files") == 10
    assert len(guest.page.locator("#fingerprints").input_value().split("\n")) == 10


def test_nothing_of_the_picture_is_sent_and_a_copy_is_found(cast: Cast, visitor: Visit, tap: Tap) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    image = picture(640, 480, seed=21)
    data = marked(image)
    guest = visitor(size=PHONE, base=f"http://127.0.0.1:{tap.port}")
    guest.go("/jm/my-picture")
    assert not guest.page.locator("#without").is_visible()
    guest.page.set_input_files("#files", FilePayload(name=NAME, mimeType="image/jpeg", buffer=data))
    guest.page.locator("#send:not([hidden])").wait_for()
    assert guest.page.locator("#told").inner_text() == "Fingerprints that are ready: 4"
    assert guest.page.evaluate("document.getElementById('files').files.length") == 0
    assert guest.faults_at_each_size() == []
    before = len(tap.heard)
    for choice in ("young-yes", "h-shared", "w-quiet"):
        guest.page.check(f"#{choice}")
    guest.press("Send the fingerprints")
    assert len("".join(guest.page.locator(".words span").all_inner_texts())) == 16
    assert guest.complaints == []

    heard = bytes(tap.heard)
    posts = [request for request in guest.requests if request.method == "POST"]
    assert len(posts) == 1
    assert heard[before:].startswith(b"POST /jm/my-picture")
    assert heard.count(b"POST ") == 1
    runs = runs_of(data)
    plain = unquote_to_bytes(heard.replace(b"+", b" "))
    assert hashlib.sha256(data).hexdigest().encode() in plain  # so the recording is of what was sent
    for view in (heard, plain):
        assert not runs & runs_of(view)
    written = {base64.b64encode(data[at:]) for at in range(3)} | {data.hex().encode(), quote_from_bytes(data).encode()}
    for text in written:
        assert not runs_of(text) & runs_of(heard)
    small = heard.lower()
    for word in (NAME, NAME[:-4], MAKER, str(len(data)), "jpeg;", "640x480"):
        assert word.lower().encode() not in small, word
    size_of_form = len(heard) - before
    assert size_of_form < 4_000

    run_until_idle()
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().fingerprints == ""
        copy = ImageOps.expand(image.resize((400, 300)), 12, "white")
        (answer,) = check_files(
            [saved(copy, "JPEG", quality=60).getvalue()], subscriber="a platform", own_pictures=True
        )
    assert (answer.bank, answer.advice) == ("own pictures", "review")
