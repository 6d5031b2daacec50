"""`/api/v1/own-pictures`: the list of fingerprints of people's own pictures, for those who agreed to how it is treated."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from leeward.hashbank.own_pictures.queries import own_picture_rows
from leeward.people.bearer import HolderNotConfirmed, bearer, in_hotline, key_of

router = Router(tags=["own-pictures"])
TERMS = (
    "Victim-submitted, unassessed. A person reviews every match before anything is done. Never block or remove by a match alone, "
    "never report the person who is in the picture, and drop what is no longer in the list each time you fetch it."
)


class OwnFrame(Schema):
    """What a video looks like at a second."""

    second: int
    quality: int
    pdq: str


class OwnPictureRow(Schema):
    """The fingerprints of one picture or video."""

    sha256: str
    md5: str
    pdq: str | None = None
    pdq_nn512: str | None = None
    quality: int | None = None
    frames: Sequence[OwnFrame] = ()


class OwnPictures(Schema):
    """The whole list as it stands now, and what you agreed to."""

    terms: str
    files: Sequence[OwnPictureRow]


@router.get(
    "/",
    response=OwnPictures,
    auth=bearer("own_pictures", per_minute=6, burst=6),
    summary="Fingerprints of people's own pictures",
    operation_id="own_pictures",
)
@in_hotline
def list_own_pictures(request: HttpRequest) -> Any:
    """Fetch the list, with a key whose holder two people have confirmed.

    Do so at least once an hour and replace what you hold: what a person took back is no longer in it.
    """
    if not key_of(request).is_vouched:
        raise HolderNotConfirmed
    return {"terms": TERMS, "files": list(own_picture_rows())}
