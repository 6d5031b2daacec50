"""Those who must report: providers, what they report in bulk, and the receipts that prove it."""
