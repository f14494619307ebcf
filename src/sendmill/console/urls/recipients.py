"""Addresses of one recipient, of large files, and of the status codes; and what each needs."""

from django.urls import URLPattern

from sendmill.accounts.permissions import Action
from sendmill.console.access import page
from sendmill.console.pages import downloads, recipients, status_codes

RESULTS: list[URLPattern] = [
    page("tasks/<int:pk>/messages/<int:ordinal>/", recipients.show, "task-message", Action.VIEW),
    page("exports/<uuid:key>/", downloads.show_export, "export", Action.DOWNLOAD),
    page("exports/<uuid:key>/state/", downloads.show_export_state, "export-state", Action.DOWNLOAD),
    page("exports/<uuid:key>/file/", downloads.export_file, "export-file", Action.DOWNLOAD),
    page("codes/", status_codes.show, "codes", Action.VIEW),
]
