"""What a translation must keep, and which texts the public reads. Pure."""
