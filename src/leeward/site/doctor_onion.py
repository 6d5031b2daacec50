"""The doctor's checks of onion addresses: Tor connects from this machine, so its visitors look like local programs."""

import glob
from collections.abc import Iterator
from pathlib import Path

from leeward.site.config import Config

TORRC = Path("/etc/tor/torrc")
_HINT = "Put the proxy of docs/how-to/onion.md between Tor and Leeward, and set LEEWARD_BEHIND_PROXY."
_LOCAL = ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "")  # noqa: S104 - read, not bound
_MOST_INCLUDES = 50
type Finding = tuple[str, str, str]  # number, sentence, hint


def of_onions(config: Config, torrc: Path = TORRC) -> Iterator[Finding]:
    """Return what an onion address exposes that should be closed."""
    onions = config.onion_hosts
    if onions and not config.behind_proxy:
        sentence = "An onion address is served without a proxy in front: slow senders hold the server, and all who come by it count as one."
        yield "W014", sentence, _HINT
    if onions and config.hma == "loopback":
        sentence = (
            "LEEWARD_HMA=loopback is refused while an onion address is served: Tor asks from this machine as well."
        )
        yield "W015", sentence, "Set LEEWARD_HMA=token and give the program a key."
    for line in direct_ports(config.bind, torrc):
        sentence = f"Tor reaches Leeward directly, past the proxy: {line} in its configuration."
        yield "W016", sentence, _HINT


def direct_ports(bind: str, torrc: Path) -> list[str]:
    """Return the lines of Tor's configuration, as far as readable, that forward directly to Leeward's own port."""
    host, _, port = bind.rpartition(":")
    if host not in _LOCAL:
        return []
    return list(dict.fromkeys(line for line in _lines(torrc, [_MOST_INCLUDES]) if _leads_to(line, port)))


def _leads_to(line: str, port: str) -> bool:
    words = line.split()
    if len(words) < 2 or words[0].lower() != "hiddenserviceport":
        return False
    target = words[2] if len(words) > 2 else words[1]  # without a target, it is the same port on this machine
    where, _, number = target.rpartition(":")
    return number == port and where in _LOCAL


def _lines(path: Path, left: list[int]) -> Iterator[str]:
    left[0] -= 1
    try:
        text = path.read_text(encoding="utf-8", errors="replace") if left[0] >= 0 else ""
    except OSError:  # no Tor here, or not readable for us
        return
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        word, _, rest = line.partition(" ")
        if word.lower() == "%include":
            for found in sorted(glob.glob(rest.strip().strip('"'))):
                inner = Path(found)
                for file in sorted(inner.iterdir()) if inner.is_dir() else [inner]:
                    yield from _lines(file, left)
        else:
            yield line
