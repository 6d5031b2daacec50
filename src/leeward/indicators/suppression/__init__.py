"""What is published so that a solver can’t undo it: what is hidden, what is rounded, and the attack on both."""
