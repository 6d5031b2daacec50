"""Finds the compiled kernels where numba is installed; everything has a plain NumPy form where it is not."""

import importlib
import importlib.util
import sys
from functools import cache
from types import ModuleType


@cache
def compiled(name: str) -> ModuleType | None:
    """Return the module of kernels of this name, or None without numba or where numbers are stored big end first."""
    if sys.byteorder != "little" or importlib.util.find_spec("numba") is None:
        return None
    return importlib.import_module(name)
