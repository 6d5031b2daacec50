"""Assessing a case: its page, drafts, first and second assessment, known images."""
