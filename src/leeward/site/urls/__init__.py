"""The tables of addresses: one for each face, and one for a process that is all of them."""
