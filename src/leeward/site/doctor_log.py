"""The doctor's checks of the log: who else vouches for it, and who holds its signer's key."""

from collections.abc import Iterator

from leeward.site.config import Config
from leeward.witnessing.queries import oldest_answer

type Finding = tuple[str, str, str]  # number, sentence, hint


def of_log(config: Config) -> Iterator[Finding]:
    """Return what the log of an installation lacks; nothing is asked of a demonstration's."""
    if config.demonstration:
        return
    if oldest_answer() is None:
        sentence = "Nobody outside witnesses the log: whoever takes over this machine can rewrite it, and only printed heads tell."
        yield "leeward.witnessing.W002", sentence, "Exchange witnesses with another hotline: docs/how-to/log.md."
    if not config.signer_dir:
        sentence = "The log’s signer runs as the same user as the web processes: whoever takes one over gets its key."
        yield "leeward.audit.W002", sentence, "Run it as another user and set LEEWARD_SIGNER_DIR: docs/how-to/log.md."
