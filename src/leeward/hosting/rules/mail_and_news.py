"""E-mail addresses, accounts of the fediverse and newsgroups, in the forms in which people write them."""

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.peer_to_peer import Thing

_EMAIL = Pattern(r"^(?:mailto:)?([\w.+'-]{1,64})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)$", ignore_case=True)

_FEDIVERSE = Pattern(r"^@([\w.+-]{1,64})@((?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63})$", ignore_case=True)

_GROUP = r"[a-z][a-z0-9+_-]*(?:\.[a-z0-9][a-z0-9+_-]*)+"
_NEWS = Pattern(rf"^(?:news:(?://[^/\s]+/)?|s?nntp://[^/\s]+/)({_GROUP})(?:/\d+)?$", ignore_case=True)
_MESSAGE = Pattern(r"^news:(?://[^/\s]+/)?<?([^\s<>@/]{1,200}@[^\s<>@/]{1,200})>?$", ignore_case=True)
_BARE_GROUP = Pattern(rf"^{_GROUP}$", ignore_case=True)
_BIG_8 = frozenset("comp humanities misc rec sci soc talk".split())
_SITE_ENDINGS = frozenset("com net org info biz edu gov example test invalid onion".split())


def email(text: str) -> Thing | None:
    """Recognise an e-mail address."""
    found = _EMAIL.match(text)
    if not found:
        return None
    address = f"{found[1]}@{found[2]}".lower()
    return Thing(address, f"email:{address}", "E-mail")


def fediverse(text: str) -> Thing | None:
    """Recognise an account as the fediverse writes it, `@name@site`."""
    found = _FEDIVERSE.match(text)
    if not found:
        return None
    name, service = found[1], found[2].lower()
    return Thing(f"{name} ({service})", f"{service}:{name.casefold()}", service)


def newsgroup(text: str) -> Thing | None:
    """Recognise a newsgroup or a message in one: `news:…`, `nntp://…`, or a bare name of the old hierarchies."""
    message = _MESSAGE.match(text)
    if message:
        return Thing(f"news:{message[1]}", f"message:{message[1]}")
    found = _NEWS.match(text)
    if found or (_BARE_GROUP.match(text) and _is_bare_group(text.lower().split("."))):
        name = (found[1] if found else text).lower()
        return Thing(name, f"newsgroup:{name}")
    return None


def _is_bare_group(labels: list[str]) -> bool:
    if labels[-1] in _SITE_ENDINGS or (len(labels[-1]) == 2 and labels[0] != "alt"):
        return False
    return (labels[0] == "alt" and len(labels) > 2) or labels[0] in _BIG_8
