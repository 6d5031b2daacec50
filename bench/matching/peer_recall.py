"""Worker in the peers' environment: python-threatexchange's PDQ of a file, as it is and with its `unletterbox` (its command's threshold, 15)."""

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Answer questions until the input ends."""
    from threatexchange.content_type.photo import PhotoContent
    from threatexchange.signal_type.pdq.signal import PdqSignal

    for line in sys.stdin:
        path = Path(json.loads(line)["path"])
        started = time.process_time()
        plain = PdqSignal.hash_from_bytes(path.read_bytes())
        middle = time.process_time()
        try:
            trimmed = PdqSignal.hash_from_bytes(PhotoContent.unletterbox(path, 15))
        except Exception:  # of a picture that is all border nothing is left
            trimmed = ""
        ended = time.process_time()
        answer = {"plain": plain, "trimmed": trimmed, "cpu": middle - started, "trimmed_cpu": ended - middle}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
