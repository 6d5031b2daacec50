"""The pages of providers: the desk’s, the public ones, and those behind a provider’s link."""
