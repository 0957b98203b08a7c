"""Accounts: how people sign in, act for an establishment, sign decisions and are notified."""
