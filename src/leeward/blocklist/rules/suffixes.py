"""Find registrable domains with the Public Suffix List, in the dated copy shipped by the package publicsuffixlist."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


@cache
def _with_rules_of_their_own() -> frozenset[str]:
    """Return the last two labels of all rules that have more than one; `*.tld` where a rule covers all names of a top level."""
    rules = (rule.removeprefix("!").split(".") for rule in _list()._publicsuffix)
    return frozenset(".".join(labels[-2:]) for labels in rules if len(labels) > 1)


def registrable(host: str) -> str | None:
    """Return the public suffix of a host name plus one label; None for a public suffix itself.

    Both sections of the list apply, so a customer's name below a shared platform is registrable and the platform's is
    not.
    """
    head, _, top = host.rpartition(".")
    site = f"{head.rpartition('.')[2]}.{top}"
    known = _with_rules_of_their_own()
    if site not in known and f"*.{top}" not in known and _is_settled(host):
        return site
    name: str | None = _list().privatesuffix(host)
    return name


def _is_settled(host: str) -> bool:
    """Return whether a name has no capitals and no empty labels, and more labels than one: the short way is for these."""
    return "." in host and host[0] != "." and host[-1] != "." and ".." not in host and host.islower()


def is_public_suffix(host: str) -> bool:
    """Return whether names are registered directly below this name."""
    return registrable(host) is None
