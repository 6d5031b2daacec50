"""Accounts at a service, newsgroups and telephone numbers, in the forms in which people write them."""

import unicodedata

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.peer_to_peer import Thing

# Names people use for a service -> the service's own name.
_SERVICES = {
    name: own
    for own, names in {
        "Bluesky": "bluesky bsky",
        "Discord": "discord",
        "Facebook": "facebook fb",
        "Instagram": "instagram insta ig",
        "Kik": "kik",
        "Line": "line",
        "LinkedIn": "linkedin",
        "Mastodon": "mastodon",
        "Messenger": "messenger",
        "Minecraft": "minecraft",
        "Omegle": "omegle",
        "OnlyFans": "onlyfans",
        "Pinterest": "pinterest",
        "PlayStation": "playstation psn",
        "Reddit": "reddit",
        "Roblox": "roblox",
        "Session": "session",
        "Signal": "signal",
        "Skype": "skype",
        "Snapchat": "snapchat snap",
        "Steam": "steam",
        "Teams": "teams",
        "Telegram": "telegram",
        "Threads": "threads",
        "Threema": "threema",
        "TikTok": "tiktok",
        "Tumblr": "tumblr",
        "Twitch": "twitch",
        "Viber": "viber",
        "VK": "vk vkontakte",
        "WeChat": "wechat weixin",
        "WhatsApp": "whatsapp",
        "Wickr": "wickr",
        "X": "x twitter",
        "Xbox": "xbox",
        "YouTube": "youtube yt",
    }.items()
    for name in names.split()
}
_NAME = r"@?[^\s@:,;/\\]{1,64}(?:#\d{4})?"
_NAME_ON = Pattern(rf"^({_NAME})\s+(?:on|at|in|sur|à|پر)\s+([\w.+-]{{1,30}})$", ignore_case=True)
_AT_NAME_SERVICE = Pattern(rf"^(@{_NAME[2:]})\s+\(?([\w.+-]{{1,30}})\)?$", ignore_case=True)
_SERVICE_FIRST = Pattern(rf"^([\w.+-]{{1,30}})\s*:\s*({_NAME})$", ignore_case=True)
_EMAIL = Pattern(r"^(?:mailto:)?([\w.+'-]{1,64})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)$", ignore_case=True)

_FEDIVERSE = Pattern(r"^@([\w.+-]{1,64})@((?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63})$", ignore_case=True)
_SITE = Pattern(r"^(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}$", ignore_case=True)

_GROUP = r"[a-z][a-z0-9+_-]*(?:\.[a-z0-9][a-z0-9+_-]*)+"
_NEWS = Pattern(rf"^(?:news:(?://[^/\s]+/)?|s?nntp://[^/\s]+/)({_GROUP})(?:/\d+)?$", ignore_case=True)
_MESSAGE = Pattern(r"^news:(?://[^/\s]+/)?<?([^\s<>@/]{1,200}@[^\s<>@/]{1,200})>?$", ignore_case=True)
_BARE_GROUP = Pattern(rf"^{_GROUP}$", ignore_case=True)
_BIG_8 = frozenset("comp humanities misc rec sci soc talk".split())
_SITE_ENDINGS = frozenset("com net org info biz edu gov example test invalid onion".split())

_PHONE = Pattern(r"^(?:tel:|phone:)?\s*[+(]?\d[\d\s().\-/]{4,30}$", ignore_case=True)
_DATE = Pattern(r"^\d{4}[-/.]\d\d?[-/.]\d\d?$|^\d\d?[-/.]\d\d?[-/.]\d{4}$")
_LEAST_DIGITS, _MOST_DIGITS = 7, 15


def account(text: str) -> Thing | None:
    """Recognise an account: `name on service`, `@name service`, `service: name`, `@name@site`, or an e-mail address."""
    fediverse = _FEDIVERSE.match(text)
    if fediverse:
        name, service = fediverse[1], fediverse[2].lower()
        return Thing(f"{name} ({service})", f"{service}:{name.casefold()}", service)
    mail = _EMAIL.match(text)
    if mail:
        address = f"{mail[1]}@{mail[2]}".lower()
        return Thing(address, f"email:{address}", "E-mail")
    for pattern, name_group, service_group in ((_NAME_ON, 1, 2), (_AT_NAME_SERVICE, 1, 2), (_SERVICE_FIRST, 2, 1)):
        found = pattern.match(text)
        service = _service(found[service_group], found[name_group]) if found else ""
        if found and service:
            name = found[name_group].removeprefix("@")
            return Thing(f"{name} ({service})", f"{service.casefold()}:{name.casefold()}", service)
    return None


def _service(word: str, name: str) -> str:
    """Return the service that a word means; an unknown word counts only as a site's name, or if the name has its @."""
    known = _SERVICES.get(word.casefold())
    return known or (word if (name.startswith("@") and not word.isdigit()) or _SITE.match(word) else "")


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


def phone(text: str) -> Thing | None:
    """Recognise a telephone number with or without country code, in digits of any script; None for anything else."""
    ascii_text = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    if not _PHONE.match(ascii_text) or _DATE.match(ascii_text):
        return None
    digits = "".join(filter(str.isdecimal, ascii_text.replace("(0)", "")))
    if digits.startswith("00") and "+" not in ascii_text:
        ascii_text, digits = "+", digits[2:]
    shown = f"+{digits}" if "+" in ascii_text else digits
    if not _LEAST_DIGITS <= len(shown.lstrip("+")) <= _MOST_DIGITS:
        return None
    return Thing(shown, shown)
