"""People trained: courses, who took part, and what is needed."""
