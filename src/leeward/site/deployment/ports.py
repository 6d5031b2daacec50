"""Checks of ports: what listens on this machine for others that shouldn't."""

from collections.abc import Iterator

from leeward.site.deployment.seen import Here, Seen, fails, holds, unseen

# What may be reached: the proxy, SSH, mail, name service.
EXPECTED = frozenset({22, 25, 53, 80, 443, 465, 587, 853})
NEVER = {
    21: "FTP",
    23: "Telnet",
    111: "rpcbind",
    445: "SMB",
    2019: "Caddy's administration",
    2049: "NFS",
    3306: "MySQL",
    5432: "PostgreSQL",
    6379: "Redis",
    8786: "Dask's scheduler",
    9050: "Tor's SOCKS port",
    11211: "memcached",
}
_LISTENING, _LOOPBACK_6, _MAPPED = "0A", "00000000000000000000000001000000", "0000000000000000FFFF0000"


def listening(here: Here) -> Iterator[Seen]:
    """Nothing but the proxy and what a server needs is reachable from outside."""
    texts = [here.text(f"proc/net/{name}") for name in ("tcp", "tcp6")]
    if texts == [None, None]:
        yield unseen("Which ports are open can't be seen from here.", "Run ss -ltn on the machine.")
        return
    open_ones = sorted({port for text in texts for port in open_ports(text or "")})
    bad = [f"{port} ({NEVER[port]})" for port in open_ones if port in NEVER]
    own = {_port(bind) for bind in (here.config.bind, here.config.desk_bind, here.config.api_bind)} - {0}
    if here.config.behind_proxy and (past := [str(port) for port in open_ones if port in own]):
        hint = "Set LEEWARD_BIND to 127.0.0.1 with the same port: past the proxy there is no TLS, and addresses can be forged."
        yield fails(f"Leeward's own port {', '.join(past)} is open to others, past the proxy.", hint)
    if bad:
        yield fails(
            f"Ports are open to others that should not be: {', '.join(bad)}.", "Let them listen on 127.0.0.1 only."
        )
    known = EXPECTED | NEVER.keys() | own | {_port(here.config.stop_bind)}
    if more := [str(port) for port in open_ones if port not in known]:
        hint = "Find out by ss -ltnp what they are, and close what nobody outside needs; a firewall before them can't be seen."
        yield unseen(f"Other ports listen for others: {', '.join(more[:10])}.", hint)
    elif not bad:
        yield holds("Nothing listens for others but the proxy and what a server needs.")


def open_ports(text: str) -> Iterator[int]:
    """Return the ports in a table of the kernel (/proc/net/tcp) that listen on more than this machine's own address."""
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 4 or fields[3] != _LISTENING:
            continue
        address, _, port = fields[1].rpartition(":")
        last = address.removeprefix(_MAPPED)
        if address != _LOOPBACK_6 and not (len(last) == 8 and last.endswith("7F")):
            yield int(port, 16)


def _port(bind: str) -> int:
    number = bind.rpartition(":")[2]
    return int(number) if number.isdigit() else 0
