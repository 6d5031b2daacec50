"""The pages' common ground: base templates, parts, static files, languages, headers, error pages."""
