"""Blocking lists that operators load: their entries, every format they are published in, and a client for look-ups
without tracking.
"""
