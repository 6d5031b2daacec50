"""Pure decisions about addresses, registries' answers and what a fetch found."""
