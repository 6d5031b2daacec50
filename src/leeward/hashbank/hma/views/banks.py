"""`/c/banks` and `/c/bank`: banks and their contents."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from leeward.foundation.patterns import Pattern
from leeward.hashbank.hma import queries, reading, services
from leeward.hashbank.hma.asking import Asker
from leeward.hashbank.hma.errors import HmaRefusal, IllTyped
from leeward.hashbank.rules.kinds import Hash

NAME = Pattern(r"[A-Z_][A-Z0-9_]*")
MOST_NAME, MOST_NOTE, MOST_METADATA = 60, 255, 10_000
FURTHEST = timedelta(days=5 * 365)
_METADATA = {"content_id": str, "content_uri": str, "json": dict}


def list_banks(_request: HttpRequest, _asker: Asker) -> list[dict[str, Any]]:
    """List every bank with the share of look-ups it answers."""
    return [bank.as_json for bank in queries.banks()]


def create_bank(request: HttpRequest, asker: Asker) -> tuple[int, dict[str, Any]]:
    """Create a bank that belongs to this key."""
    body = reading.body_of(request)
    if "name" not in body:
        raise IllTyped("body", "name", "missing", "Field required")
    ratio = _ratio_in(body)
    return 201, services.create_bank(name_of(body["name"]), 1.0 if ratio is None else ratio, asker=asker).as_json


def get_bank(_request: HttpRequest, _asker: Asker, bank: str) -> dict[str, Any]:
    """One bank."""
    return queries.bank_named(bank).as_json


def change_bank(request: HttpRequest, asker: Asker, bank: str) -> dict[str, Any]:
    """Change the name or ratio of a bank that belongs to this key."""
    body = reading.body_of(request)
    name = name_of(body["name"]) if body.get("name") is not None else None
    return services.change_bank(bank, new_name=name, ratio=_ratio_in(body), asker=asker).as_json


def delete_bank(_request: HttpRequest, asker: Asker, bank: str) -> dict[str, Any]:
    """Delete a bank that belongs to this key, with its contents; succeeds also where there is none."""
    services.delete_bank(bank, asker=asker)
    return {"message": "Done"}


def name_of(given: object) -> str:
    """Parse the name of a program's bank; raises HmaRefusal, IllTyped."""
    if not isinstance(given, str):
        raise IllTyped("body", "name", "string_type", "Input should be a valid string")
    if not NAME.fullmatch(given) or len(given) > MOST_NAME:
        raise HmaRefusal(
            f"a bank's name has capital letters, digits and _ only, at most {MOST_NAME}, and no digit first"
        )
    return given


def _ratio_in(body: Mapping[str, Any]) -> float | None:
    given = body.get("enabled_ratio")
    if given is None:
        given = body.get("matching_enabled_ratio")  # one client sends back the field it reads
    if given is None:
        enabled = body.get("enabled")
        return None if enabled is None else float(reading.truth_of(enabled, "body", "enabled"))
    try:
        ratio = float(given) if isinstance(given, int | float | str) and not isinstance(given, bool) else math.nan
    except (ValueError, OverflowError):
        ratio = math.nan
    if math.isnan(ratio):
        raise IllTyped("body", "enabled_ratio", "float_parsing", "Input should be a valid number")
    if not 0 <= ratio <= 1:
        raise HmaRefusal("enabled_ratio is a number from 0 to 1")
    return ratio


# -- contents ------------------------------------------------------------


def add_content(request: HttpRequest, asker: Asker, bank: str) -> dict[str, Any]:
    """Add a picture or video to a bank that belongs to this key: uploaded as a form, or given by its address."""
    if reading.parameter(request, "url") is None and request.content_type != "multipart/form-data":
        raise HmaRefusal("send a file as a form, or a url")
    file = reading.file_given(request, on_behalf=asker.budget)
    fields = _form_fields(request)  # the form has been read by now, its file into memory only
    made = services.add_content(
        bank,
        file.usable,
        others=file.digests,
        is_hashed_here=True,
        media="video" if file.is_video else "image",
        metadata=metadata_in(fields),
        note=note_in(fields) or "",
        asker=asker,
    )
    return {"id": made.number, "signals": dict(made.signals)}


def _form_fields(request: HttpRequest) -> dict[str, Any]:
    """Return the parameters of a content: from the form, the JSON beside an address, or the query, where two clients
    put them.
    """
    if request.content_type == "application/json":
        return reading.body_of(request)
    fields = {name: request.POST.getlist(name) for name in ("metadata", "note")}
    fields = {name: given or request.GET.getlist(name) for name, given in fields.items()}
    if any(len(set(given)) > 1 for given in fields.values()):
        raise HmaRefusal("metadata or note is given more than once")
    return {name: given[0] for name, given in fields.items() if given}


def add_signal(request: HttpRequest, asker: Asker, bank: str) -> dict[str, Any]:
    """Add the hashes of one picture or video to a bank that belongs to this key."""
    body = reading.body_of(request)
    given = {name: text for name, text in body.items() if name not in ("note", "metadata")}
    signals: dict[str, Hash] = {
        name: reading.signal_of(name, text.lower() if name != "pdq" and isinstance(text, str) else text)
        for name, text in given.items()
    }
    if not signals:
        raise HmaRefusal("no signal was given")
    media = "video" if any(name.startswith("video") for name in signals) else "image"
    made = services.add_content(
        bank, signals, media=media, metadata=metadata_in(body), note=note_in(body) or "", asker=asker
    )
    return {"id": made.number, "signals": dict(made.signals)}


def metadata_in(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the metadata of a content, or None; raises HmaRefusal."""
    given = fields.get("metadata")
    if given is None or given == "":
        return None
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise HmaRefusal("metadata is not JSON") from error
    if not isinstance(given, dict) or set(given) - set(_METADATA) - {"collab"}:
        raise HmaRefusal(f"metadata is an object with {', '.join(_METADATA)}")
    kept = {name: given[name] for name in _METADATA if given.get(name) is not None}
    if any(not isinstance(value, _METADATA[name]) for name, value in kept.items()):
        raise HmaRefusal("content_id and content_uri are texts, json is an object")
    if not reading.is_keepable(kept) or len(json.dumps(kept)) > MOST_METADATA:
        raise HmaRefusal(f"metadata has at most {MOST_METADATA} characters, none of them NUL")
    return kept


def note_in(fields: Mapping[str, Any]) -> str | None:
    """Return the note of a content, or None; raises HmaRefusal."""
    if "note" not in fields:
        return None
    note = fields["note"] or ""
    if not isinstance(note, str) or len(note) > MOST_NOTE or not reading.is_keepable(note):
        raise HmaRefusal(f"a note is a text of at most {MOST_NOTE} characters")
    return note


def get_content(request: HttpRequest, asker: Asker, bank: str, number: int) -> dict[str, Any]:
    """Show one content. Its metadata and note are shown only to the program that owns it."""
    found = queries.content(queries.bank_named(bank), number)
    body = _content(found)
    if reading.parameter(request, "include_signals") == "true":
        body["signals"] = dict(found.signals)
    is_own = found.owner != 0 and found.owner == services.owner_here(asker)
    if is_own and found.note:
        body["note"] = found.note
    if is_own and found.metadata and reading.parameter(request, "include_metadata") in (None, "true"):
        body["metadata"] = _metadata(found)
    return body


def _content(found: queries.ContentView) -> dict[str, Any]:
    return {
        "id": found.number,
        "disable_until_ts": found.disable_until,
        "original_media_uri": None,
        "bank": found.bank.as_json,
    }


def _metadata(found: queries.ContentView) -> dict[str, Any]:
    return dict.fromkeys((*_METADATA, "collab")) | dict(found.metadata or {})


def change_content(request: HttpRequest, asker: Asker, bank: str, number: int) -> dict[str, Any]:
    """Switch a content that belongs to this key on or off, or change its note."""
    body = reading.body_of(request)
    until = until_of(body["disable_until_ts"]) if body.get("disable_until_ts") is not None else None
    found = services.change_content(bank, number, disable_until=until, note=note_in(body), asker=asker)
    user = {name: value for name, value in _metadata(found).items() if name != "collab"} if found.metadata else None
    return _content(found) | {"collab_metadata": {}, "user_metadata": user, "note": found.note or None}


def until_of(given: object) -> int:
    """Parse the time from which a content matches again, in seconds since 1970; 0: never, 1: always. Raises HmaRefusal."""
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise HmaRefusal("disable_until_ts is a whole number of seconds since 1970, not below 0")
    if int(text) > (datetime.now(UTC) + FURTHEST).timestamp():
        raise HmaRefusal("disable_until_ts is at most five years ahead")
    return int(text)


def delete_content(_request: HttpRequest, asker: Asker, bank: str, number: int) -> dict[str, Any]:
    """Delete a content that belongs to this key, and the vote it made."""
    return {"deleted": services.delete_content(bank, number, asker=asker)}
