"""The doctor's checks of decoders: as whom they run, and what closes them off."""

import os
from collections.abc import Iterator
from typing import Any

from leeward.foundation import sandbox
from leeward.foundation.sandbox import apart, fences

type Finding = tuple[str, str, str]  # number, sentence, hint
LIMITS = sandbox.Limits(seconds=5, wait_seconds=5)


def of_decoders() -> Iterator[Finding]:
    """Return what is wrong with them. Where a service has them one is asked, since it alone sees what its unit and its kernel do."""
    seen = asked() if apart.place() else {"user": None, "lacks": fences.missing()}
    if isinstance(seen, sandbox.Finding):
        sentence = f"No file can be decoded: {seen.why}."
        hint = "See what systemctl status leeward-decoder.socket says. No process of the service decodes in its place."
        yield "E066", sentence, hint
        return
    if seen["user"] in (0, os.geteuid()):
        sentence = "The service that decodes files runs as root, or as the user who asks it."
        yield "W033", sentence, "Give leeward-decoder@.service a user of its own."
    if seen["lacks"]:
        sentence = (
            f"Files are decoded in processes that this machine does not close off by {' and '.join(seen['lacks'])}."
        )
        hint = "Use Linux 5.13 or newer with Landlock switched on, and install libseccomp2."
        yield "W032", sentence, hint


def asked() -> Any:
    """Return what a decoder says of itself (`fences.seen`), or why it doesn't."""
    return sandbox.call("leeward.foundation.sandbox.fences:seen", b"", LIMITS)
