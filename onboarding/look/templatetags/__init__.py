"""Template libraries: `look` for pages, `look_forms` for the form template pack.

Markup lives in templates/components and templates/govuk.
"""
