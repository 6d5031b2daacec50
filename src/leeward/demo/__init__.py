"""The demonstration: a small world of real servers on loopback, and the script that plays a report's life in it."""
