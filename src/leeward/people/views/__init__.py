"""Pages of the desk about people: accounts, lost second factors, the hotline, portals, one's own account, sign-in."""
