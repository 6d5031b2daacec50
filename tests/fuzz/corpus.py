"""Small harmless files for the decoders, made here: patterns, tones, a page. None is kept in the repository."""

import io
import wave
from functools import cache

import av
import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

from tests.outputs.rules.test_goaml import XSD
from tests.tips.samples import XML, as_bytes, packed, police

SIDE = 48
PICTURES = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
register_heif_opener()


@cache
def files() -> dict[str, bytes]:
    """Return a file of each kind that a decoder may be given, by its kind."""
    made = {form: _picture(form) for form in (*PICTURES, "JPEG2000", "HEIF")}
    made |= {"animation": _several("GIF", duration=100), "MPO": _several("MPO"), "paper": _PAPER}
    made |= {"video": _video("mp4", "mpeg4"), "film": _video("webm", "libvpx")}
    made |= {"wav": _wav(), "mp3": _sound("mp3", "libmp3lame", 44_100), "ogg": _sound("ogg", "libopus", 48_000)}
    made |= {"page": _PAGE, "schema": XSD.encode(), "report": _REPORT, "vics": _VICS, "threatexchange": _THREATEXCHANGE}
    made |= {"tip": XML.encode(), "tips": packed(a__json=as_bytes(police()), b__xml=XML.encode())}
    made |= {"repository": _REPOSITORY, "ncmec": _HASH_SHARING, "receipt": _RECEIPT}
    return made


_REPOSITORY = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header/><metadata>
<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Harbour</dc:title>
<dc:identifier>https://e.example/</dc:identifier><dc:language>en</dc:language></dc></metadata></record>
<resumptionToken>next</resumptionToken></ListRecords></OAI-PMH>"""
_HASH_SHARING = b"""<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images maxTimestamp="2026-11-20T00:00:00Z"><image>
<member id="7">A member</member><id>a1</id><fingerprints><md5>abababababababababababababababab</md5></fingerprints></image></images>
<paging><next>/v2/entries?start=2</next></paging></queryResult>"""
_VICS = b"""{"value": [{"Media": [{"MediaID": 1, "Category": 0, "MD5": "abababababababababababababababab",
"SHA1": "abababababababababababababababababababab", "MediaSize": "12", "Series": "a"}]}]}"""
_THREATEXCHANGE = (
    b"""{"data": [{"id": "1", "indicator": "abababababababababababababababab", "type": "HASH_MD5", "tags": ["a"]}]}"""
)
_PAPER = b"""<!doctype html><html lang="en"><head><title>Harbour</title><style>p { color: #333 }</style></head>
<body><h1>A harbour</h1><p>Words, and <a href="#a">where</a> they lead.</p><table id="a"><tr><th>One</th><td>Two</td></tr></table></body></html>"""
_REPORT = b"""<?xml version="1.0" encoding="UTF-8"?><report><rentity_id>4711</rentity_id><submission_code>E</submission_code>
<incidentSummary><incidentDateTime>2026-11-20T10:00:00Z</incidentDateTime></incidentSummary><reason>Words.</reason></report>"""
_RECEIPT = b"""<?xml version="1.0"?><reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription>
<reportId>4564654</reportId></reportResponse>"""
_PAGE = b"""<!doctype html><html lang=en><head><meta charset=utf-8><title>Harbour</title><base href="/a/"></head>
<body><h1>A harbour</h1><img src="b.png" srcset="c.png 2x"><video src=d.mp4></video><a href="http://e.example/?q=1#f">out</a>
<form action=/g><input type=password></form><script>var x = "<img src=h.png>"</script></body></html>"""


def _pattern(shift: int = 0) -> Image.Image:
    down, right = np.mgrid[0:SIDE, 0:SIDE]
    return Image.fromarray(
        np.stack([down * 5 % 256, (right + shift) * 7 % 256, (down ^ right) % 256], 2).astype(np.uint8)
    )


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    _pattern().save(out, form)
    return out.getvalue()


def _several(form: str, **more: int) -> bytes:
    out = io.BytesIO()
    _pattern().save(out, form, save_all=True, append_images=[_pattern(9), _pattern(20)], **more)
    return out.getvalue()


def _video(form: str, codec: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as film:
        stream = film.add_stream(codec, rate=5)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        for number in range(5):
            film.mux(stream.encode(av.VideoFrame.from_image(_pattern(number * 4))))
        film.mux(stream.encode(None))
    return out.getvalue()


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((np.sin(np.arange(4000) / 5) * 9000).astype("<i2").tobytes())
    return out.getvalue()


def _sound(form: str, codec: str, rate: int) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as sound:
        track = sound.add_stream(codec, rate=rate, layout="mono")
        with av.open(io.BytesIO(_wav())) as tone:
            for frame in tone.decode(audio=0):
                sound.mux(track.encode(frame))
        sound.mux(track.encode(None))
    return out.getvalue()
