"""What the pages say in each language: catalogues, what native speakers make of them, and who has read a language through."""
