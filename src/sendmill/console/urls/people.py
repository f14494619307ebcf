"""Addresses of the pages of people: members, one's own sign-in, settings, audit; and what each needs."""

from django.urls import URLPattern

from sendmill.accounts.permissions import Action
from sendmill.console.access import BOTH, POST, Entry, page
from sendmill.console.pages import audit, members, password_links, profile, second_factor, settings, sign_in

PEOPLE: list[URLPattern] = [
    page("sign-in/", sign_in.sign_in, "sign-in", Entry.ANYONE, BOTH),
    page("sign-in/code/", second_factor.ask_code, "sign-in-code", Entry.ANYONE, BOTH),
    page("sign-out/", sign_in.sign_out, "sign-out", Entry.ANYONE, POST),
    page("language/", sign_in.choose_language, "language", Entry.ANYONE, POST),
    page("invitation/<str:link>/", password_links.accept, "invitation", Entry.ANYONE, BOTH),
    page("password/forgotten/", password_links.forgot_password, "password-forgotten", Entry.ANYONE, BOTH),
    page("password/reset/<str:link>/", password_links.reset_password, "password-reset", Entry.ANYONE, BOTH),
    page("password/", profile.change_password, "password", Entry.MEMBER, BOTH),
    page("profile/", profile.show, "profile", Entry.MEMBER),
    page("second-factor/on/", second_factor.switch_on, "second-factor-on", Entry.MEMBER, BOTH),
    page("second-factor/key.svg", second_factor.show_image, "second-factor-image", Entry.MEMBER),
    page("second-factor/off/", second_factor.switch_off, "second-factor-off", Entry.MEMBER, BOTH),
    page("second-factor/recovery-codes/", second_factor.renew_codes, "recovery-codes", Entry.MEMBER, BOTH),
    page("settings/", settings.edit, "settings", Action.MANAGE_SETTINGS, BOTH),
    page("members/", members.show_list, "members", Action.MANAGE_MEMBERS),
    page("members/invite/", members.invite, "member-invite", Action.MANAGE_MEMBERS, BOTH),
    page("members/<int:pk>/", members.show, "member", Action.MANAGE_MEMBERS),
    page(
        "members/<int:pk>/invite/", members.invite_again, "member-invite-again", Action.MANAGE_MEMBERS, POST
    ),
    page("members/<int:pk>/role/", members.change_role, "member-role", Action.MANAGE_MEMBERS, POST),
    page(
        "members/<int:pk>/deactivate/", members.deactivate, "member-deactivate", Action.MANAGE_MEMBERS, POST
    ),
    page(
        "members/<int:pk>/reactivate/", members.reactivate, "member-reactivate", Action.MANAGE_MEMBERS, POST
    ),
    page("members/<int:pk>/password/", members.send_reset, "member-password", Action.MANAGE_MEMBERS, POST),
    page(
        "members/<int:pk>/second-factor/",
        members.remove_second_factor,
        "member-second-factor",
        Action.MANAGE_MEMBERS,
        POST,
    ),
    page("audit/", audit.show_list, "audit", Action.VIEW_AUDIT),
]
