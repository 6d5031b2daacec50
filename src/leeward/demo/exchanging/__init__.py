"""Two installations that exchange reports over a bad link, each a process of its own with its own data."""
