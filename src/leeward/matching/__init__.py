"""A numeric library for known images: hashing, exact Hamming search, index files. Needs no Django; usable alone."""
