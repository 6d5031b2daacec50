"""The `leeward` command: `leeward <noun> <verb>`, one file a noun."""
