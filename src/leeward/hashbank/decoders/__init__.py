"""Lists and answers of others that need a library of C to be read. What is here runs in a child (`foundation/sandbox`)."""
