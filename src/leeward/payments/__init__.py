"""Where money is asked for: traces of payment in texts, and what is made of them."""
