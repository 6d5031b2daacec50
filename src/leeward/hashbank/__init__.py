"""Known images and videos: hashes, what is known of them, who says so; never content."""
