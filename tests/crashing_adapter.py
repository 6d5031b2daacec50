"""A TEST ADAPTER of ours in the place of a licensed hash, by which tests make a decoder do what a hostile file could: the harmless
picture's size says what. Needs no Django; children load it by its name (`foundation/sandbox`)."""

import os
import signal
import time
from typing import Any

import numpy as np

DEEDS = {(61, 41): "crash", (61, 42): "die", (61, 43): "spin", (61, 44): "swell"}


class Crashing:
    """Not PhotoDNA: 144 bytes of nothing, and a deed."""

    kind = "photodna"
    code_bytes = 144
    near_distance = 1.0

    def hash_picture(self, stream: Any) -> bytes | None:
        from PIL import Image  # not where the adapter is only asked for distances

        deed = DEEDS.get(Image.open(stream).size)
        if deed in ("crash", "die"):
            os.kill(os.getpid(), signal.SIGSEGV if deed == "crash" else signal.SIGKILL)
        while deed == "spin":
            time.sleep(0.01)  # the deadline is of the clock: no core need be busy until then
        blocks = []
        while deed == "swell":
            blocks.append(b"x" * (64 << 20))
        return None

    def distances(self, code: Any, codes: Any) -> Any:
        return np.full(len(codes), 2.0)
