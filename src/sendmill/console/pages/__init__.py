"""One module for each page: a view reads the request, asks services, and renders a template.

No rule and no query is here: what is allowed is decided by the services, what is listed is read by them.
"""
