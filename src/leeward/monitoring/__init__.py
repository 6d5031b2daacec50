"""Is it still there: watches on locations, one row a look, a verdict after several."""
