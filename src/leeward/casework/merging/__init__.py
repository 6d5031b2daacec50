"""Cases that turn out to be one are merged; reports that joined the wrong case are split out; both can be undone."""
