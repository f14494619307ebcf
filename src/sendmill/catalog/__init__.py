"""What a task needs: carriers, routes, applications, signatures and templates, and their review."""
