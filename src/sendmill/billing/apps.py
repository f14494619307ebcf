"""The Django app of billing."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Billing, with the label that its migrations use."""

    name = "sendmill.billing"
    label = "billing"
