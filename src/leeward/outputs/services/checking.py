"""What a document in XML would be refused for, asked of a child: XML is read nowhere else (`decoders/documents.py`)."""

from datetime import datetime

from leeward.foundation import sandbox
from leeward.outputs.rules.refusals import Refusal, read

_DECODER = "leeward.outputs.decoders.documents"


def cybertip_refusals(content: bytes, now: datetime) -> tuple[Refusal, ...]:
    """Return what NCMEC's CyberTipline would refuse a document for."""
    return _refusals(sandbox.call(f"{_DECODER}:cybertip_faults", content, now=now.isoformat()))


def goaml_refusals(content: bytes) -> tuple[Refusal, ...]:
    """Return where a report doesn't fit the shape of goAML."""
    return _refusals(sandbox.call(f"{_DECODER}:goaml_faults", content))


def _refusals(found: object) -> tuple[Refusal, ...]:
    """Return what a child found. An answer that is no list finds nothing wrong and nothing right, so it passes nothing; where the
    child came to no end, its code tells that from a fault of the document."""
    if isinstance(found, list):
        return read(found)
    return (Refusal("malformed", found.code if isinstance(found, sandbox.Finding) else ""),)
