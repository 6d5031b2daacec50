"""Channels for messages out and in, each in its own folder with a README. An outgoing one is a `Channel`
(`protocol.py`) in a module `channel` of its folder, where `registry.py` finds it: `smtp/` is the default, `webhook/`
posts notices to a contact's own server. `mailbox/` takes in mail. CONTRIBUTING.md explains how to add another."""
