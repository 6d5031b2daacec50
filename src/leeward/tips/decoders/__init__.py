"""Files from abroad, opened. What is here runs in a child (`foundation/sandbox`)."""
