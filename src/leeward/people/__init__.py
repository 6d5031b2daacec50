"""Hotlines, portals, accounts, roles, permissions, sign-in."""
