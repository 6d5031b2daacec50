"""What name servers and registries say, and whose networks stand in front of other people's servers."""
