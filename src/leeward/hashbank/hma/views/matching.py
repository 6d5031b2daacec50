"""`/h` and `/m`: hash files, look up hashes and files, compare hashes, report the size of the index."""

from typing import Any

from django.http import HttpRequest

from leeward.hashbank.hma import lookups, reading
from leeward.hashbank.hma.asking import Asker
from leeward.hashbank.hma.errors import HmaRefusal
from leeward.hashbank.police.queries import index_status

PDQ_MATCHES_BITS = 31
_MOST_PAIRS = 100


def hash_url(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """Hash the picture or video at an address."""
    reading.required(request, "url")
    return _texts(reading.file_given(request, on_behalf=asker.budget))


def hash_file(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """Hash one file, sent as the field `photo` or `video` of a form."""
    if reading.parameter(request, "url") is not None:
        raise HmaRefusal("send either a file or a url")
    return _texts(reading.file_given(request, on_behalf=asker.budget))


def _texts(found: reading.Hashed) -> dict[str, Any]:
    return {name: one.text if one else "" for name, one in found.signals.items()}


def lookup(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """Look up a hash (`signal`, `signal_type`) or the file at `url`; returns the matches by bank, for a file also by
    kind of hash.
    """
    if reading.parameter(request, "url") is None:
        return _by_signal(request, asker)
    found = _of_file(request, asker, bypass=False)
    wanted = reading.parameter(request, "signal_type")
    if wanted is None:
        return found
    if wanted not in found:
        reading.kind_of(wanted)
        raise HmaRefusal(f"signal type '{wanted[:40]}' is not computed of this file")
    return dict(found[wanted])


def lookup_file(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """Look up an uploaded file; returns the matches by kind of hash and bank."""
    if reading.parameter(request, "url") is not None:
        raise HmaRefusal("send either a file or a url")
    return _of_file(request, asker, bypass=reading.parameter(request, "bypass_coinflip") == "true")


def _by_signal(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    signal, name = reading.parameter(request, "signal"), reading.parameter(request, "signal_type")
    if not signal or not name:
        raise HmaRefusal("Either url or both signal and signal_type are required")
    reading.truth(request, "bypass_coinflip")
    banks = reading.banks_wanted(request)
    found = lookups.find_matches({name: reading.signal_of(name, signal)}, banks, asker)
    return dict(lookups.matches_by_bank(found, banks, seed=reading.parameter(request, "seed"))[name])


def _of_file(request: HttpRequest, asker: Asker, *, bypass: bool) -> dict[str, Any]:
    banks, seed = reading.banks_wanted(request), reading.parameter(request, "seed")
    wants_altered = reading.truth(request, "altered")
    file = reading.file_given(request, on_behalf=asker.budget, altered=wants_altered)
    found = lookups.find_matches(file.usable, banks, asker)
    matches: dict[str, Any] = lookups.matches_by_bank(found, banks, seed=seed, bypass=bypass)
    if wants_altered and "pdq" in matches and not any(found.values()):
        matches["pdq"] = lookups.altered_by_bank(file.variants, banks)
    return matches


def raw_lookup(request: HttpRequest, asker: Asker) -> dict[str, Any]:
    """Look up a hash; returns the numbers of all matches, including switched-off ones, with distances if requested."""
    signal, name = reading.required(request, "signal"), reading.required(request, "signal_type")
    with_distance, banks = reading.truth(request, "include_distance"), reading.banks_wanted(request)
    rows = lookups.find_matches({name: reading.signal_of(name, signal)}, banks, asker)[name]
    entries = lookups.all_entries(rows, banks)
    return {"matches": [lookups.entry_json(one) if with_distance else one.number for one in entries]}


def compare(request: HttpRequest, _asker: Asker) -> dict[str, Any]:
    """Compare two hashes of each kind; returns whether they match and their distance."""
    pairs = reading.body_of(request)
    if len(pairs) > _MOST_PAIRS:
        raise HmaRefusal(f"at most {_MOST_PAIRS} pairs can be compared at once")
    return {name: _compared(name, pair) for name, pair in pairs.items()}


def _compared(name: str, pair: object) -> list[Any]:
    if not isinstance(pair, list):
        raise HmaRefusal(f"Comparison hashes for {name[:40]} was not a list")
    if len(pair) != 2:
        raise HmaRefusal("Comparison hash list length must be exactly 2")
    left, right = (reading.signal_of(name, one).value for one in pair)
    if name != "pdq":
        return [left == right, {}]
    distance = (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()
    return [distance <= PDQ_MATCHES_BITS, {"distance": distance}]


def status(request: HttpRequest, _asker: Asker) -> dict[str, Any]:
    """Return how many hashes can be matched, by kind."""
    return {
        name: {"present": size > 0, "built_to": built_to, "size": size}
        for name, (size, built_to) in _sizes(request).items()
    }


def index(request: HttpRequest, _asker: Asker) -> dict[str, Any]:
    """Return the same as the curator's route does; a look-up applies every change first, so no index is ever out of
    date.
    """
    return {
        name: {
            "db_size": size,
            "index_size": size,
            "index_out_of_date": False,
            "newest_db_item": built_to,
            "index_built_to": built_to,
        }
        for name, (size, built_to) in _sizes(request).items()
    }


def _sizes(request: HttpRequest) -> dict[str, tuple[int, int]]:
    wanted = reading.parameter(request, "signal_type")
    names = [wanted] if wanted is not None else list(reading.SIGNALS)
    kinds = {name: reading.kind_of(name) for name in names}
    found = index_status(set(kinds.values()))
    return {name: found[kind] for name, kind in kinds.items()}
