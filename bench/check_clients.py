"""Clients of the upload check, in a process of their own: python -m bench.check_clients --port … --key …"""

import argparse
import http.client
import json
import random
import threading
import time
from pathlib import Path


def main(*, port: int, key: str, kind: str, clients: int, seconds: float, picture: Path) -> None:
    """Send one request after another from each client; print the times of all answers in milliseconds as JSON."""
    image = picture.read_bytes()
    times: list[list[float]] = [[] for _ in range(clients)]
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        rng = random.Random(number)
        while time.monotonic() < end:
            if kind == "hash":
                body, content = json.dumps({"pdq": rng.randbytes(32).hex()}).encode(), "application/json"
            else:  # each upload is another file: the bytes after the end of a JPEG change nothing of the picture
                body, content = image + rng.randbytes(8), "image/jpeg"
            started = time.perf_counter()
            connection.request(
                "POST", "/api/v1/check", body, {"Content-Type": content, "Authorization": f"Bearer {key}"}
            )
            answer = connection.getresponse()
            found = answer.read()
            times[number].append((time.perf_counter() - started) * 1e3)
            if answer.status != 200:
                raise RuntimeError(f"status {answer.status}: {found[:200]!r}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps([one for some in times for one in some]))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    for name, form in (
        ("port", int),
        ("key", str),
        ("kind", str),
        ("clients", int),
        ("seconds", float),
        ("picture", Path),
    ):
        options.add_argument(f"--{name}", type=form, required=True)
    main(**vars(options.parse_args()))
