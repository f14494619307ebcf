"""Addresses of the pages about money: balance, ledger, packages, budgets, prices; and what each needs."""

from django.urls import URLPattern

from sendmill.accounts.permissions import Action
from sendmill.console.access import BOTH, POST, page
from sendmill.console.pages import balance, budgets, ledger, packages, price_import, prices

BILLING: list[URLPattern] = [
    page("billing/", balance.show, "billing", Action.VIEW),
    page("billing/move/", balance.move, "billing-move", Action.MANAGE_PRICES, BOTH),
    page("billing/ledger/", ledger.show_list, "ledger", Action.VIEW),
    page("billing/ledger/file/", ledger.ledger_file, "ledger-file", Action.DOWNLOAD),
    page("billing/packages/", packages.show_list, "packages", Action.VIEW),
    page("billing/packages/new/", packages.new, "package-new", Action.MANAGE_PRICES, BOTH),
    page("billing/budgets/", budgets.show, "budgets", Action.VIEW),
    page("billing/budgets/<str:scope>/", budgets.edit, "budget-edit", Action.MANAGE_SETTINGS, BOTH),
    page("billing/prices/", prices.show_list, "prices", Action.VIEW),
    page("billing/prices/new/", prices.new, "price-new", Action.MANAGE_PRICES, BOTH),
    page("billing/prices/file/", prices.price_file, "price-file", Action.DOWNLOAD),
    page("billing/prices/import/", price_import.upload, "price-import", Action.MANAGE_PRICES, BOTH),
    page("billing/prices/import/apply/", price_import.apply, "price-apply", Action.MANAGE_PRICES, POST),
    page("billing/prices/<int:pk>/remove/", prices.remove, "price-remove", Action.MANAGE_PRICES, POST),
]
