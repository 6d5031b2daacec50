"""Worker in the peers' environment: hashes a picture with PIL and pdqhash, telling the CPU time of each step."""

import io
import json
import sys
import time


def main() -> None:
    """Answer questions until the input ends."""
    import numpy as np
    import pdqhash
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    for line in sys.stdin:
        with open(json.loads(line)["path"], "rb") as source:
            data = source.read()
        started = time.process_time()
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        decoded = time.process_time()
        bits, quality = pdqhash.compute(pixels)
        ended = time.process_time()
        code = np.packbits(bits.astype(np.uint8)).tobytes().hex()
        answer = {"code": code, "quality": int(quality), "decode": decoded - started, "cpu": ended - started}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
