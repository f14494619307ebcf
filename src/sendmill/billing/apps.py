"""The Django app of the money."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "sendmill.billing"
    label = "billing"
