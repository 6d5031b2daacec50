"""The upload check for platforms, and lists sent from the desk."""
