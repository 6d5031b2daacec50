"""Pure rules about addresses, registries' answers and the results of a fetch."""
