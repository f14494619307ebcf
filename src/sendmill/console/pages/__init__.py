"""The pages: each view reads what is asked, calls what knows, and fills a template."""
