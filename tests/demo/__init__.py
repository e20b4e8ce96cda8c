"""The demonstration: its own pages, who gets them, and its accounts.

That it starts and walks is tried by tests/walk.
"""
