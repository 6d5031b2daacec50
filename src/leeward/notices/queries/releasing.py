"""What follows once the police release a notice, or our staff enter that they do: shown before that."""

from dataclasses import dataclass
from typing import Literal

from leeward.notices.going_on import beside
from leeward.notices.models import NoticeCase
from leeward.notices.queries.hosts import OfHost
from leeward.notices.queries.pages import ReferralPage
from leeward.notices.recipients import host_of
from leeward.people.rules.reading import mark_of

# The host is told, or is reminded; nobody is known who could be told; the police hold another case about the address; nothing goes out
# after a restoring; another letter decides; no host is told of this case.
Follows = Literal["told", "reminded", "nobody", "beside", "restored", "letter", "none"]


@dataclass(frozen=True, slots=True)
class Release:
    """What a release does: what `follows` for the host, who that is by now, and whether other cases about its address wait for the same;
    `waits`: a second person has to confirm it first. `mark`: see `people.rules.reading`."""

    follows: Follows
    name: str
    email: str
    waits: bool
    frees_others: bool
    mark: str


def release_of(shown: ReferralPage, *, by_police: bool = False) -> Release:
    """Return what follows from a release by this letter, which the police give themselves or one of us enters."""
    notice_case, host = shown.notice_case, shown.host
    follows = _follows(notice_case, host, frees=shown.release_frees)
    is_informed = follows not in ("nobody", "letter", "none")
    name, email = (host.recipient or host_of(notice_case) or ("", "")) if is_informed else ("", "")
    waits = shown.takes_two and shown.state != "released" and not by_police
    others = beside(notice_case).filter(state="address", portal__country=shown.portal.country).exists()
    return Release(follows, name, email, waits, others, mark_of(shown.mark, follows, email, waits, others))


def _follows(notice_case: NoticeCase, host: OfHost, *, frees: bool) -> Follows:
    if notice_case.state == "stopped" or not notice_case.tells_host:
        return "none"
    if host.is_nobody_known:
        return "nobody"
    if host.is_nothing_sent:
        return "restored"
    if host.is_held_beside:
        return "beside"
    if not frees:
        return "letter"
    return "told" if host.told_at is None and host.fate != "unknown" else "reminded"
