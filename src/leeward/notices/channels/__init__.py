"""The ways out and in, a folder each with a README. A way out is a `Channel` (`protocol.py`) in a module `channel` of its folder,
where `registry.py` finds it: `smtp/` is the way for everybody, `webhook/` posts a notice to a contact's own server. `mailbox/` takes
mail in. CONTRIBUTING.md has the recipe for another."""
