"""Addresses of the pages, and what each needs."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from sendmill.accounts.permissions import Action
from sendmill.console.access import Entry, page
from sendmill.console.pages import people, resources

pages: list[URLPattern | URLResolver] = [
    page("sign-in/", people.sign_in, "sign-in", Entry.ANYONE, ("GET", "POST")),
    page("sign-out/", people.sign_out, "sign-out", Entry.ANYONE, ("POST",)),
    page("language/", people.choose_language, "language", Entry.ANYONE, ("POST",)),
    page("applications/", resources.applications, "applications", Action.VIEW),
    page("signatures/", resources.signatures, "signatures", Action.VIEW),
    page("templates/", resources.templates, "templates", Action.VIEW),
    page("carriers/", resources.carriers, "carriers", Action.VIEW),
    page("members/", resources.members, "members", Action.MANAGE_MEMBERS),
    page("audit/", resources.audit, "audit", Action.VIEW_AUDIT),
]

urlpatterns = [path("", include((pages, "console")))]
