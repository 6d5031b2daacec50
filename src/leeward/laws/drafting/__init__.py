"""The bill as a document: Akoma Ntoso, DOCX, PDF, HTML and Markdown, each with drafting notes."""
