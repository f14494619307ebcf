"""The Django app of carriers, routes, applications, signatures and templates."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The catalog, with the label that its migrations use."""

    name = "sendmill.catalog"
    label = "catalog"
