"""What the desk says about a case when somebody wants to block its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class BlockBrief:
    """A case as far as a list must know it.

    `tried_by` and `tried_at` say how and when removal at the source was tried. `people` had a part in the case.
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
