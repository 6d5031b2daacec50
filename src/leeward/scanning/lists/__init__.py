"""Lists of known hashes: read once, written as mapped files in memory, opened by every process that compares."""

from leeward.scanning.lists.compiled import ListFiles, compiled_list
from leeward.scanning.lists.known import Known, opened_list
from leeward.scanning.lists.reading import BadLine

__all__ = ["BadLine", "Known", "ListFiles", "compiled_list", "opened_list"]
