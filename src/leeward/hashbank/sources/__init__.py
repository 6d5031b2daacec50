"""Hash collections of other organisations: pulled from and sent feedback."""
