"""What is handed to others: wheel, source archive, Debian package, bill of materials."""
