"""The ways out and in, a folder each with a README: `smtp/` hands a message over, `webhook/` posts a notice to
a contact's own server, `mailbox/` takes mail in. CONTRIBUTING.md has the recipe for another."""
