"""A decoder whose import takes more than reading libraries, as that of compiled kernels does."""

import tempfile

tempfile.TemporaryFile().close()


def echo(body: bytes) -> bytes:
    return body
