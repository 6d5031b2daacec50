"""Pure decisions about reports of providers."""
