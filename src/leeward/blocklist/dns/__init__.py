"""The lists as DNS zones: answers, a small primary, a check of zones."""
