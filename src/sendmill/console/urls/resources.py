"""Addresses of the pages of resources and their review, and what each needs."""

from django.urls import URLPattern

from sendmill.accounts.permissions import Action
from sendmill.console.access import BOTH, POST, page
from sendmill.console.pages import (
    applications,
    carrier_form,
    carrier_id_proposal,
    carrier_live,
    carrier_received,
    carrier_test_bind,
    carriers,
    review,
    routes,
    signatures,
    templates,
)

APPLICATIONS: list[URLPattern] = [
    page("applications/", applications.show_list, "applications", Action.VIEW),
    page("applications/new/", applications.new, "application-new", Action.EDIT_APPLICATION, BOTH),
    page("applications/new/rules/", applications.show_rules, "application-rules", Action.EDIT_APPLICATION),
    page("applications/check/", applications.check, "application-check", Action.EDIT_APPLICATION, POST),
    page("applications/<int:pk>/", applications.show, "application", Action.VIEW),
    page("applications/<int:pk>/edit/", applications.edit, "application-edit", Action.EDIT_APPLICATION, BOTH),
    page(
        "applications/<int:pk>/delete/",
        applications.delete,
        "application-delete",
        Action.EDIT_APPLICATION,
        POST,
    ),
    page(
        "applications/<int:pk>/secret/", applications.rotate, "application-secret", Action.ROTATE_SECRET, POST
    ),
]
SIGNATURES: list[URLPattern] = [
    page("signatures/", signatures.show_list, "signatures", Action.VIEW),
    page("signatures/new/", signatures.new, "signature-new", Action.EDIT_SIGNATURE, BOTH),
    page("signatures/check/", signatures.check, "signature-check", Action.EDIT_SIGNATURE, POST),
    page("signatures/<int:pk>/", signatures.show, "signature", Action.VIEW),
    page("signatures/<int:pk>/edit/", signatures.edit, "signature-edit", Action.EDIT_SIGNATURE, BOTH),
    page("signatures/<int:pk>/submit/", signatures.submit, "signature-submit", Action.EDIT_SIGNATURE, POST),
    page(
        "signatures/<int:pk>/withdraw/",
        signatures.withdraw,
        "signature-withdraw",
        Action.EDIT_SIGNATURE,
        POST,
    ),
    page("signatures/<int:pk>/delete/", signatures.delete, "signature-delete", Action.EDIT_SIGNATURE, POST),
    page("signatures/<int:pk>/approve/", review.approve_signature, "signature-approve", Action.REVIEW, POST),
    page("signatures/<int:pk>/reject/", review.reject_signature, "signature-reject", Action.REVIEW, POST),
    page(
        "signatures/<int:pk>/channel/", signatures.set_channel, "signature-channel", Action.SET_CHANNEL, POST
    ),
]
TEMPLATES: list[URLPattern] = [
    page("templates/", templates.show_list, "templates", Action.VIEW),
    page("templates/new/", templates.new, "template-new", Action.EDIT_TEMPLATE, BOTH),
    page("templates/check/", templates.check, "template-check", Action.EDIT_TEMPLATE, POST),
    page("templates/<int:pk>/", templates.show, "template", Action.VIEW),
    page("templates/<int:pk>/edit/", templates.edit, "template-edit", Action.EDIT_TEMPLATE, BOTH),
    page("templates/<int:pk>/submit/", templates.submit, "template-submit", Action.EDIT_TEMPLATE, POST),
    page("templates/<int:pk>/withdraw/", templates.withdraw, "template-withdraw", Action.EDIT_TEMPLATE, POST),
    page("templates/<int:pk>/delete/", templates.delete, "template-delete", Action.EDIT_TEMPLATE, POST),
    page("templates/<int:pk>/approve/", review.approve_template, "template-approve", Action.REVIEW, POST),
    page("templates/<int:pk>/reject/", review.reject_template, "template-reject", Action.REVIEW, POST),
    page(
        "templates/<int:pk>/activate/",
        templates.activate,
        "template-activate",
        Action.ACTIVATE_TEMPLATE,
        POST,
    ),
    page(
        "templates/<int:pk>/deactivate/",
        templates.deactivate,
        "template-deactivate",
        Action.ACTIVATE_TEMPLATE,
        POST,
    ),
]
CARRIERS: list[URLPattern] = [
    page("carriers/", carriers.show_list, "carriers", Action.VIEW),
    page("carriers/live/", carriers.show_live, "carriers-live", Action.VIEW),
    page("carriers/new/", carrier_form.new, "carrier-new", Action.MANAGE_CARRIERS, BOTH),
    page("carriers/routes/", routes.show, "routes", Action.VIEW),
    page("carriers/routes/add/", routes.add, "route-add", Action.MANAGE_CARRIERS, POST),
    page("carriers/routes/<int:pk>/move/", routes.move, "route-move", Action.MANAGE_CARRIERS, POST),
    page("carriers/routes/<int:pk>/remove/", routes.remove, "route-remove", Action.MANAGE_CARRIERS, POST),
    page("carriers/<int:pk>/live/", carrier_live.show_live, "carrier-live", Action.VIEW),
    page("carriers/<int:pk>/ids/", carrier_id_proposal.show, "carrier-ids", Action.MANAGE_CARRIERS, BOTH),
    page("carriers/<int:pk>/received/", carrier_received.show, "carrier-received", Action.VIEW),
    page("carriers/<int:pk>/", carriers.show, "carrier", Action.VIEW),
    page("carriers/<int:pk>/edit/", carrier_form.edit, "carrier-edit", Action.MANAGE_CARRIERS, BOTH),
    page("carriers/<int:pk>/switch/", carriers.switch, "carrier-switch", Action.MANAGE_CARRIERS, POST),
    page("carriers/<int:pk>/test/", carrier_test_bind.show, "carrier-test", Action.MANAGE_CARRIERS, POST),
    page("carriers/<int:pk>/delete/", carriers.delete, "carrier-delete", Action.MANAGE_CARRIERS, POST),
]
RESOURCES: list[URLPattern] = [
    *APPLICATIONS,
    *SIGNATURES,
    *TEMPLATES,
    *CARRIERS,
    page("review/", review.show_queue, "review", Action.REVIEW),
]
