"""A table of what a list's categories mean: read whole, or refused with the line that can't be used."""

from pathlib import Path

import pytest

from leeward.cli.bank_files import meanings_in
from leeward.foundation.errors import BadInput


def table(tmp_path: Path, *lines: str, head: str = "category,means,reviewed_by") -> Path:
    path = tmp_path / "vics-nz.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8-sig")
    return path


def test_it_is_read_with_columns_for_people(tmp_path: Path) -> None:
    found = meanings_in(table(tmp_path, "1,illegal,Counsel", " 2 ,leave-out,", "1,illegal,twice the same"))
    assert found == {"1": "confirm", "2": "leave_out"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("2,bad", "line 3"),
        (",illegal", "line 3"),
        ("3", "line 3"),
        ("1,harmless", "line 3: category 1 is there with another meaning"),
    ],
)
def test_what_can_not_be_used_is_named(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(BadInput) as refused:
        meanings_in(table(tmp_path, "1,illegal", line))
    assert named.split(": ", maxsplit=1)[0] in str(refused.value)
    assert named.rsplit(": ", maxsplit=1)[-1] in str(refused.value)


def test_a_table_without_its_columns_or_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lacks category or means"):
        meanings_in(table(tmp_path, "1,illegal", head="number,means"))
    with pytest.raises(BadInput, match="no such file"):
        meanings_in(tmp_path / "none.csv")
