"""Acting on a decision: notices, police, blocking, closing, undoing; what others are told of a case."""
