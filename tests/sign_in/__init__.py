"""Signing in: second factor, sessions, the organisation's own sign-in.

The pages as a browser draws them are in tests/browser.
"""
