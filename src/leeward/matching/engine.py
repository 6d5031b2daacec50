"""Finds the compiled kernels where numba can be had; everything has a plain NumPy form where it can't."""

import atexit
import importlib
import shutil
import sys
import tempfile
from functools import cache
from types import ModuleType


@cache
def compiled(name: str) -> ModuleType | None:
    """Return the module of kernels of this name; None without a numba that fits or on a big-endian machine.

    What numba compiles is kept beside the kernels or in the user's cache folder (or in NUMBA_CACHE_DIR), so that a second
    start compiles nothing; where none of these can be written, every start compiles for itself.
    """
    if sys.byteorder != "little":
        return None
    try:
        try:
            return importlib.import_module(name)
        except RuntimeError:
            _compile_for_this_process_only()
            return importlib.import_module(name)
    except ImportError:
        return None


def _compile_for_this_process_only() -> None:
    """Give numba a folder that nobody else can write into (what it reads from there is run), and remove it at the end."""
    import numba

    folder = tempfile.mkdtemp(prefix="leeward-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
