"""What a translation must preserve, and which texts the public reads. Pure."""
