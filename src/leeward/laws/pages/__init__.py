"""The content of the register's public pages."""
