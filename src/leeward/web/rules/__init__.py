"""Pure rules for pages: paths, languages, clocks, words for states."""
