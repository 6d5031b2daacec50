"""Material to teach with: a reviewed catalogue, the public page for those who learn and teach, cards and posters."""
