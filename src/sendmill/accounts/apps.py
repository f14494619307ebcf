"""The Django app of accounts and members."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and members; sign-ins are recorded from the start of the process."""

    name = "sendmill.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connect the signals of sign-ins to the audit log."""
        from sendmill.accounts import sign_ins

        sign_ins.connect()
