"""An alarm of the installation, posted to the servers that pages are posted to: mail may be what is ill."""

import json
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django_scopes import scope

from leeward.notices.services import post_signed
from leeward.oncall.models import PageWebhook
from leeward.oncall.rules.links import secret_of


def post_alarm(hotline_id: int, *, code: str, about: str, text: str, since: datetime) -> int:
    """Post an alarm once to each server of the hotline's portals; return how many took it. A receiver knows a repeated one by
    its identifier, made of its code, what it is about ("" where only one thing can be ill in this way) and its beginning."""
    now = datetime.now(UTC)
    body = json.dumps(
        {
            "type": "alarm",
            "timestamp": _moment(now),
            "title": text,
            "body": f"{settings.LEEWARD.base_url}/desk/",
            "data": {"format": "leeward-alarm-1", "code": code, "since": _moment(since)},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    with scope(hotline=hotline_id):
        hooks = list(PageWebhook.objects.filter(portal__isnull=False).exclude(url="").order_by("pk"))
    which = f"{code}_{sha256(about.encode()).hexdigest()[:12]}" if about else code
    taken = 0
    for hook in hooks:
        secret = secret_of(settings.LEEWARD.secret_bytes, hook.pk, hook.serial)
        number = f"alarm_{which}_{hotline_id}_{hook.pk}_{since.timestamp():.0f}"
        posted = post_signed(hook.url, delivery_id=number, signing=(secret,), body=body, now=now)
        taken += posted is not None and posted.is_sent
    return taken


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
