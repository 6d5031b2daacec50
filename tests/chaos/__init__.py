"""One real installation, broken by chance while people use it, and what must hold of it all the same (`make chaos`)."""
