"""Leeward: a country's whole answer to child sexual abuse material on the Internet, in one installation."""

__version__ = "0.2.0"
