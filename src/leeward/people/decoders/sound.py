"""Reading a recording and writing its sound anew: what a telephone adds to a file (names, places, pictures) is left behind.
Runs in a child (`foundation/sandbox`)."""

import io
from typing import Any


def only_sound(body: bytes, *, form: str, codec: str, most_seconds: int) -> dict[str, Any]:
    """Return the `body` and the `seconds` of a file of this form (the name that FFmpeg has for it) with the sound alone.

    Where that can't be, return `why`: "unreadable" (it is damaged, of another form or codec, or holds no sound), or
    "too_long". All of it is decoded, for what a header claims may be wrong. Never raises because of what the bytes are.
    """
    try:
        return _written_anew(body, form, codec, most_seconds)
    except Exception:  # a decoder raises anything for a file made to break it
        return {"why": "unreadable"}


def _written_anew(body: bytes, form: str, codec: str, most_seconds: int) -> dict[str, Any]:
    import av

    target, seconds = io.BytesIO(), 0.0
    with (
        av.open(io.BytesIO(body), mode="r", format=form, io_open=_nothing_else) as source,
        av.open(target, mode="w", format=form) as made,
    ):
        [track] = source.streams.audio
        if track.codec_context.codec.canonical_name != codec:
            return {"why": "unreadable"}
        copy = made.add_stream_from_template(track)
        copy.metadata.clear()
        for packet in source.demux(track):
            for frame in packet.decode():
                seconds += frame.samples / frame.sample_rate
            if seconds > most_seconds:
                return {"why": "too_long"}
            if packet.dts is not None:
                packet.stream = copy
                made.mux(packet)
    return {"seconds": seconds, "body": target.getvalue()} if seconds else {"why": "unreadable"}


def _nothing_else(url: str, *arguments: object) -> None:
    """Refuse any other file that this one asks to open."""
    raise PermissionError(f"a recording may not open {url}")
