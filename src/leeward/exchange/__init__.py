"""Hotline to hotline: items reported to the hotline of the country where they are hosted, and its answers."""
