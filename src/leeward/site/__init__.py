"""Configuration, settings, urls, system checks and the process tree of `leeward serve`."""
