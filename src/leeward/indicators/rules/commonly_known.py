"""What everybody knows beside the sums: which law a country had, how a hotline works, what is never more than something else. Pure.

It ties cells of several tables together for whoever thinks of it, so the attack before each publication does. Only what is so in the
numbers that were counted is tied: where it isn’t, nothing follows.
"""

from collections.abc import Iterator, Mapping

from leeward.indicators.rules.cells import BUCKETS, BandOf

_UNKNOWN_COUNTRY = "unknown"
# Of what the first is a part, or what it comes after: each case begins with a report of its month, what nobody has assessed is open, what
# has no answer is open or withdrawn, what was not taken off a list is on it.
_NEVER_MORE = (
    *((f"cases_by_month:{month:02}", (f"reports_by_month:{month:02}",)) for month in range(1, 13)),
    ("first_hours:never", ("outcome:open",)),
    ("appeal_hours:never", ("appeal:open", "appeal:withdrawn")),
    ("block_hours:never", ("block_state:approved", "block_state:suspended")),
)

type Sums = list[tuple[str, tuple[str, ...]]]
type _Order = tuple[str, tuple[str, ...], tuple[str, ...]]  # a name, what is never more, than what


def by_law(cells: Mapping[str, int], band_of: BandOf, name: str) -> tuple[dict[str, int], Sums]:
    """Return the illegal cases under each law, and those of them whose host was never told, with how they tie hosting countries to
    times by law: everybody can look up which country had which law. Where the two tables don’t fit, nothing follows.
    """
    of_law: dict[str, tuple[list[str], list[str]]] = {}
    for part in cells:
        table, _colon, of = part.partition(":")
        if table in ("country", "law_hours"):
            band = band_of(of) if table == "country" else of.partition(":")[0]
            of_law.setdefault(band, ([], []))[table == "law_hours"].append(part)
    found, sums, untold = dict[str, int](), list[tuple[str, tuple[str, ...]]](), list[str]()
    for band, (countries, times) in of_law.items():
        whole, rest = f"{name} {band}", f"{name} {band} untold"
        found[whole] = sum(cells[part] for part in countries)
        found[rest] = found[whole] - sum(cells[part] for part in times)
        sums += [(whole, tuple(countries)), (whole, (*times, rest))]
        untold.append(rest)
    never = "host_hours:never"
    if any(number < 0 for number in found.values()) or sum(found[rest] for rest in untold) != cells.get(never, 0):
        return {}, []
    if not cells.get(never):  # then readers see that it is 0 under each law
        return (
            {one: number for one, number in found.items() if one not in untold},
            [(whole, tuple(part for part in parts if part not in untold)) for whole, parts in sums],
        )
    return found, [*sums, (never, tuple(untold))]


def never_more(cells: Mapping[str, int], name: str) -> tuple[dict[str, int], Sums]:
    """Return what is left between cells of which one is never more than another, and how it ties them. A zero is shown, so it needs no
    tie."""
    found, sums = dict[str, int](), list[tuple[str, tuple[str, ...]]]()
    for mark, smaller, larger in _orders(cells):
        less, more = (sum(cells[part] for part in parts) for parts in (smaller, larger))
        if not 0 < less <= more:
            continue
        whole, left = larger[0], f"{name} more than {mark}"
        if len(larger) > 1:
            whole = f"{name} at least {mark}"
            found[whole] = more
            sums.append((whole, larger))
        found[left] = more - less
        sums.append((whole, (*smaller, left)))
    return found, sums


def _orders(cells: Mapping[str, int]) -> Iterator[_Order]:
    """Yield which cells are never more than which others, with a name. Hosts are told after the police: within any time no more cases
    were told to hosts than to the police."""
    orders: list[_Order] = [(small, (small,), large) for small, large in _NEVER_MORE]
    ends = tuple(BUCKETS)
    for last, end in enumerate(ends, 1):
        hosts, police = (tuple(f"{table}:{until}" for until in ends[:last]) for table in ("host_hours", "police_hours"))
        orders.append((f"host_hours {end}", hosts, police))
    for mark, *both in orders:
        smaller, larger = (tuple(part for part in parts if part in cells) for parts in both)
        yield mark, smaller, larger


def at_home(cells: Mapping[str, int], home: str) -> Sums:
    """Return what holds where a hotline works by the book, and everybody knows the book: it tells the hosts of its own country, and
    the hotlines of all others. Where it doesn’t hold, nothing follows.
    """
    own = f"country:{home}"
    abroad = tuple(
        name for name in cells if name.startswith("country:") and name not in (own, f"country:{_UNKNOWN_COUNTRY}")
    )
    return [
        (whole, parts)
        for whole, parts in (("hosts_told", (own,)), ("peer:yes", abroad))
        if cells.get(whole) and cells[whole] == sum(cells.get(part, 0) for part in parts)
    ]
