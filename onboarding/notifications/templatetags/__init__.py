"""Template library `companies`: the switcher in the header.

Markup lives in templates/people.
"""
