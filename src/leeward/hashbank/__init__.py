"""Known images and videos: their hashes, what is known about them and who says so. Never the content itself."""
