"""The Django app of accounts and members."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sendmill.accounts"
    label = "accounts"

    def ready(self) -> None:
        from sendmill.accounts import sign_ins

        sign_ins.connect()
