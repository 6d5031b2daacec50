"""Catalogues of others, opened. What is here runs in a child (`foundation/sandbox`)."""
