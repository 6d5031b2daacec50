"""Checks whether material is still there: watches on locations, one row per check, a verdict after several."""
