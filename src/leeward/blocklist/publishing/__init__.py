"""Publish lists: immutable states, each subscriber's copies, the stop page."""
