"""Words that only the desk’s key opens: keys, sealed text, and the store of what opens each one."""
