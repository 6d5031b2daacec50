"""A series of others is taken whole or not at all, and each fault is named by its line."""

import pytest

from leeward.indicators.rules.hosting_table import MOST_BYTES, MOST_FAULTS, MOST_ROWS, read_table

HEAD = "year,country,number\n"


def read(text: str | bytes) -> tuple[dict[tuple[int, str], int], list[tuple[int, str]]]:
    content = text if isinstance(text, bytes) else text.encode()
    found, faults = read_table(content, countries={"JM", "US"}, this_year=2026)
    return found, [(line, str(why)) for line, why in faults]


def test_a_table_is_read_in_any_order_of_columns() -> None:
    text = "\ufeff Number ,YEAR,country\r\n 5 ,2020,jm\r\n0,1990, us \r\n10000000000,2026,Unknown\r\n"
    assert read(text) == ({(2020, "JM"): 5, (1990, "US"): 0, (2026, "unknown"): 10_000_000_000}, [])


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "does not name the columns"),
        ("year,country\n2020,JM\n", 1, "does not name the columns"),
        ("year,country,number,number\n2020,JM,1,1\n", 1, "does not name the columns"),
        (HEAD, 1, "there is no row in it"),
        (HEAD + "2020,JM,1\n2020,jm,2\n", 3, "stand there twice"),
        (HEAD + "1989,JM,1\n", 2, "the year must be"),
        (HEAD + "2027,JM,1\n", 2, "the year must be"),
        (HEAD + "=2020,JM,1\n", 2, "the year must be"),
        (HEAD + "2020,XX,1\n", 2, "a code of two letters"),
        (HEAD + "2020,Jamaica,1\n", 2, "a code of two letters"),
        (HEAD + "2020,JM,-1\n", 2, "the number must be"),
        (HEAD + "2020,JM,1.5\n", 2, "the number must be"),
        (HEAD + "2020,JM,10000000001\n", 2, "the number must be"),
        (HEAD + "2020,JM,100000000000\n", 2, "the number must be"),
        (HEAD + "2020,JM,٣\n", 2, "the number must be"),
        (HEAD + "2020,JM\n", 2, "more or fewer cells"),
        (HEAD + "2020,JM,1,2\n", 2, "more or fewer cells"),
        (HEAD + '2020,JM,"1\n', 2, "can’t be read as CSV"),
        (b"\xff\xfe\x00", 1, "not in UTF-8"),
        (b"x\n" * (MOST_BYTES // 2), 1, "does not name the columns"),
        (b"x" * (MOST_BYTES + 1), 1, "larger than 2 MB"),
    ],
)
def test_a_fault_is_named_and_nothing_is_taken(text: str | bytes, line: int, why: str) -> None:
    found, faults = read(text)
    assert found == {}
    assert faults[0][0] == line
    assert why in faults[0][1]


def test_what_is_too_long_ends_early() -> None:
    found, faults = read(HEAD + "2020,XX,1\n" * 50)
    assert found == {}
    assert len(faults) == MOST_FAULTS + 1
    assert "too many" in faults[-1][1]
    countries = {f"{a}{b}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    lines = [
        f"{1990 + at // 676},{country},1" for at in range(0, MOST_ROWS + 676, 676) for country in sorted(countries)
    ]
    text = HEAD + "\n".join(lines)
    kept, none = read_table((HEAD + "\n".join(lines[:MOST_ROWS])).encode(), countries=countries, this_year=2026)
    assert (len(kept), none) == (MOST_ROWS, [])
    found, [(line, why)] = read_table(text.encode(), countries=countries, this_year=2026)
    assert (found, line) == ({}, MOST_ROWS + 2)
    assert "too many" in str(why)
