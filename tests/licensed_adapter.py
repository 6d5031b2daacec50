"""A TEST ADAPTER of ours in the place of a licensed hash, not PhotoDNA: how bright a picture is in each of 12 by 12 places; its distance
is the sum of squared differences. Needs no Django, so that the processes of a scan can load it."""

import tempfile
from typing import Any

import numpy as np
from PIL import Image

NEAR = 900.0


class SquaresTestAdapter:
    """Not PhotoDNA: 144 bytes, sum of squared differences."""

    kind = "photodna"
    code_bytes = 144
    near_distance = NEAR

    def hash_picture(self, stream: Any) -> bytes | None:
        return Image.open(stream).convert("L").resize((12, 12)).tobytes()

    def distances(self, code: Any, codes: Any) -> Any:
        return np.square(codes.astype(np.float64) - code.astype(np.float64)).sum(axis=1)


class Failing(SquaresTestAdapter):
    def hash_picture(self, stream: Any) -> bytes | None:
        raise RuntimeError("no licence")


class WrongLength(SquaresTestAdapter):
    code_bytes = 32


class WithFiles(SquaresTestAdapter):
    """One that needs more than libraries when it is made, as where a licence or a model lies elsewhere."""

    def __init__(self) -> None:
        tempfile.TemporaryFile().close()
