"""Mails to members, in their language: an invitation, and a link to set a new password."""

from __future__ import annotations

import smtplib

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from sendmill.accounts.models import Member


def send_invitation(member: Member, link: str) -> bool:
    """Send the link of an invitation; whether the mail was handed over."""
    with translation.override(member.language or translation.get_language()):
        subject = _("Your invitation to Sendmill")
        body = _(
            "Hello %(username)s,\n\nyou were invited to the account “%(account)s” of Sendmill. Choose a password "
            "here, within three days:\n\n%(link)s\n"
        )
        return _send(member, subject, body, link)


def send_reset(member: Member, link: str) -> bool:
    """Send the link for a new password; whether the mail was handed over."""
    with translation.override(member.language or translation.get_language()):
        subject = _("A new password for Sendmill")
        body = _(
            "Hello %(username)s,\n\nsomebody asked for a new password of yours in the account “%(account)s” of "
            "Sendmill. Choose it here, within three days:\n\n%(link)s\n\nIf it was not you, do nothing: your "
            "password stays as it is.\n"
        )
        return _send(member, subject, body, link)


def _send(member: Member, subject: str, body: str, link: str) -> bool:
    text = body % {"username": member.username, "account": member.account.name, "link": link}
    try:
        return send_mail(subject, text, None, [member.email]) == 1
    except (OSError, smtplib.SMTPException):
        return False
