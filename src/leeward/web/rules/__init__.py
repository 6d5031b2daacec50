"""Pure decisions about pages: paths, languages, clocks, words for states."""
