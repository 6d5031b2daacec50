"""Fetching in memory: how often a host may be asked, what a page shows, pictures and videos by what they are."""
