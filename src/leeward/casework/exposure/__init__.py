"""Limiting what one person sees in a day: the budget, previews, limits."""
