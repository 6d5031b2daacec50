"""What the desk passes on about a case whose address is to be blocked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class BlockBrief:
    """The part of a case that lists need.

    `tried_by` and `tried_at`: how and when removal at the source was tried. `people` were involved in the case.
    """

    case_id: int
    reference: str
    hotline_id: int
    location_id: int
    kind: str
    address: str
    is_decided: bool
    facts: Mapping[str, Any]
    tried_by: Literal["", "notice", "exchange"] = ""
    tried_at: datetime | None = None
    people: tuple[int, ...] = field(default=())
