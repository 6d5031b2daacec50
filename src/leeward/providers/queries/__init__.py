"""Every read of providers."""
