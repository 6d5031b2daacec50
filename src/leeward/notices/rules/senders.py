"""Whether a mail names as its sender whom the letter that it answers was sent to. Pure."""

from collections.abc import Collection
from email.utils import parseaddr

# Where anybody gets an address, so that the domain says nothing of who has it.
SHARED = frozenset(
    "126.com 163.com aol.com fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.fr "
    "hushmail.com icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com orange.fr "
    "outlook.com outlook.fr pm.me proton.me protonmail.com qq.com rediffmail.com rocketmail.com seznam.cz t-online.de tuta.com tutanota.com "
    "uol.com.br web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.fr yandex.com yandex.ru "
    "ymail.com zohomail.com".split()
)


def is_of(sender: str, addresses: Collection[str]) -> bool:
    """Return whether a mail's sender has one of these addresses, or one at the same domain, above or below it, as a desk that answers for
    another has; at a provider of mail for anybody only the address itself. Anybody can write whatever sender they like: this shows who is
    named, not who it was."""
    return any(_is_near(_plain(parseaddr(sender)[1]), _plain(one)) for one in addresses)


def _is_near(one: str, other: str) -> bool:
    domains = _domain_of(one), _domain_of(other)
    return _are_near(*domains) and (one == other or SHARED.isdisjoint(domains))


def _plain(address: str) -> str:
    return address.lower().rstrip(".")


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2] if "@" in address else ""


def _are_near(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))
