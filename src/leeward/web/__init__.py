"""What all pages share: base templates, includes, static files, languages, headers, error pages."""
