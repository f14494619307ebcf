"""What a task needs: carriers, applications, signatures, templates and prices."""
