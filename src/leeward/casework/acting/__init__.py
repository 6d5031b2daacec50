"""Acting on a decision: notices, police, blocking, closing and undoing, and what others are told about a case."""
