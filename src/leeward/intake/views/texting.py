"""The address at which a gateway posts text messages, and what it gets back to send.

The address holds a key of the scope `sms`, since most gateways can send no header. It takes POST only: what is in an
address is written into logs on its way.
"""

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leeward.foundation.errors import LeewardError
from leeward.intake import queries, sms_texts
from leeward.intake.rules.sms_length import pack
from leeward.intake.rules.sms_shapes import MOST_BYTES, SHAPES, Incoming, read_plain, read_rapidpro
from leeward.intake.services.texting import Answered, take_text
from leeward.intake.views.public import file_was_sent, public
from leeward.intake.views.receipt_texts import receipt_values
from leeward.people.bearer import open_with
from leeward.people.queries import PortalRow
from leeward.spool import where

SCOPE = "sms"
# A gateway is one caller with everybody's texts; what one number may send is counted by the service.
PER_MINUTE, BURST = 60_000.0, 3_000
_JSON = "application/json"


@csrf_exempt
@require_POST
@public
def take(request: HttpRequest, portal: PortalRow, shape: str, key: str) -> HttpResponse:
    """Take one text message in and return what to write back."""
    if where.is_face() or shape not in SHAPES or not _opens(key, portal):  # a conversation needs its report
        raise Http404
    if _size(request) > MOST_BYTES:  # a picture as letters: nothing of it is read
        return _text("", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    incoming = _incoming(request, shape)
    if incoming is None:
        return _text("", HTTPStatus.BAD_REQUEST)
    language = get_language() or "en"
    messages = _messages(take_text(incoming, portal, language=language), portal)
    if shape == "rapidpro":
        return JsonResponse({"reply": "\n".join(messages), "messages": messages})
    return _text("\n".join(messages))


def _opens(key: str, portal: PortalRow) -> bool:
    try:
        return open_with(key, (SCOPE,), per_minute=PER_MINUTE, burst=BURST).hotline_id == portal.hotline_id
    except LeewardError:
        return False


def _size(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdecimal() else MOST_BYTES + 1


def _incoming(request: HttpRequest, shape: str) -> Incoming | None:
    """Return the message that was posted, or None if it can't be read."""
    if request.content_type != _JSON:
        read = read_plain(dict(request.POST.items()))
        return _with_picture(read) if file_was_sent(request) else read
    try:
        body: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    return read_rapidpro(body) if shape == "rapidpro" else read_plain(body)


def _with_picture(read: Incoming) -> Incoming:
    return Incoming(read.sender, read.number, read.text, read.message_id, has_picture=True)


def _messages(answered: Answered, portal: PortalRow) -> list[str]:
    if answered.texts:
        return pack(answered.texts)
    values: dict[str, Any] = {"says": frozenset(), "time": ""}
    if answered.report_id is not None:
        values = receipt_values(portal, queries.report(answered.report_id))
    return sms_texts.messages_for(
        answered.names, portal, receipt=answered.receipt, says=values["says"], time=values["time"]
    )


def _text(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
