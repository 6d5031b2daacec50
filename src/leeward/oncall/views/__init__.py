"""Pages: the desk's, and the one behind the link of a page."""
