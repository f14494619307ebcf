"""The Django app of accounts and members."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sendmill.accounts"
    label = "accounts"
