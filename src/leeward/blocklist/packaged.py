"""Reference data shipped with the program: the dated list of shared platforms."""

from importlib.resources import files

from leeward.blocklist.rules.overblocking import Platforms, read_platforms


def packaged_platforms() -> Platforms:
    """Return the shipped list of shared platforms; a hotline may import a newer one with the same columns."""
    text = files("leeward.blocklist").joinpath("data/shared_platforms.csv").read_text(encoding="utf-8")
    return read_platforms(text.splitlines())
