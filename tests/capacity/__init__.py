"""People trained: courses, who took part, what is needed."""
