"""The tutorials as notebooks: made from their Markdown, executed, and shown on the site."""
