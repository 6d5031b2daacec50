"""Template infrastructure: the loader, the context of every template, Django's messages in our catalogues."""
