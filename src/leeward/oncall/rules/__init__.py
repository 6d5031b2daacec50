"""Who is paged next, and what a link opens. Pure."""
