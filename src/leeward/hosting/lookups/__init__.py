"""Lookups in name servers and registries, and in the list of shared proxies."""
