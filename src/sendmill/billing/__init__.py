"""Ledger, packages, charges, budgets and the price list of an account."""
