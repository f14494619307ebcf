"""The Django app of carriers, applications, signatures, templates and prices."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "sendmill.catalog"
    label = "catalog"
