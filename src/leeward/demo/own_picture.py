"""The steps of the play for a person's own picture: fingerprints come in, and a platform that agreed finds an altered copy.

The demonstration has no browser to run the page's script, so the fingerprints are worked out by `leeward.matching`, which makes the
same ones; a test with a real browser holds the two against each other.
"""

import json
import re
import urllib.request
from io import BytesIO

from PIL import Image, ImageOps

from leeward.demo.browserless import Browser
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.steps import PATIENCE_SECONDS, Play, until
from leeward.demo.world.pictures import picture
from leeward.matching.hashing import hash_picture
from leeward.matching.hashing.digests import digest_stream

SEED, BORDER, QUALITY = 77, 12, 70
ANSWERS = {"young": "yes", "happened": "afraid", "wish": "quiet"}
_NUMBER = re.compile(r"/desk/keys/([0-9]+)/")
_KEY = re.compile(r"leeward_[\w-]{43}")


def perform_own_picture(play: Play, installation: Installation, reporter: Browser, adam: Browser) -> None:
    """Play both steps; raises StepFailed at the first that is not seen."""
    whole = picture(SEED)
    with play.step("own_picture_hashed") as seen:
        line = _line(whole)
        form = reporter.open(f"/{PORTAL}/my-picture").form(having="fingerprints")
        page = form.fill({"fingerprints": line, **ANSWERS}).submit()
        digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
        if not re.fullmatch(r"\d{16}", digits):
            raise RuntimeError(f"no receipt was shown: {page.title}")
        seen.update(
            hashed_by="leeward.matching, as there is no browser here", bytes_sent=len(line), picture_bytes_sent=0
        )
    with play.step("copy_found") as seen:
        key, copy = _key(installation, adam), _altered(whole)
        answer = until(lambda: _found(installation, key, copy), "the copy in the answer of the upload check")
        seen.update(altered="smaller, recompressed, in a border", bank=answer["bank"], advice=answer["advice"])
        if answer["advice"] != "review":
            raise RuntimeError(f"the check advises {answer['advice']}")


def _line(data: bytes) -> str:
    """What the page's script would write of this picture."""
    digests = digest_stream(BytesIO(data), ("sha256", "md5"))
    found = hash_picture(BytesIO(data), exact=True)
    if found is None:
        raise RuntimeError("the picture can't be read")
    return f"image {digests.sha256} {digests.md5} pdq:{found.pdq.hex}:{found.pdq.quality}:0"


def _altered(data: bytes) -> bytes:
    image = Image.open(BytesIO(data))
    smaller = image.resize((image.width * 3 // 4, image.height * 3 // 4))
    stream = BytesIO()
    ImageOps.expand(smaller, BORDER, "white").save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _key(installation: Installation, adam: Browser) -> str:
    """Make a platform's key at the desk, and have its holder confirmed: it may check uploads and agreed to how own pictures
    are treated.
    """
    form = adam.open("/desk/keys/new").form(having="scopes")
    shown = form.fill({"name": "Harbour Pictures", "scopes": ["check", "own_pictures"]}).submit()
    found = _KEY.search(shown.text)
    if not found:
        raise RuntimeError(f"no key was shown: {shown.text[:400]}")
    number = _NUMBER.search(" ".join(adam.open("/desk/keys").texts("//form/@action")))
    if not number or installation.command("token", "vouch", number[1]).returncode:
        raise RuntimeError("the holder of the key could not be confirmed")
    return found[0]


def _found(installation: Installation, key: str, data: bytes) -> dict[str, str] | None:
    """What the upload check says of a file; None while it finds nothing."""
    request = urllib.request.Request(
        f"{installation.url}/api/v1/check",
        data=data,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "image/jpeg"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        reply: dict[str, str] = json.load(answer)
    return None if reply["match"] == "none" else reply
