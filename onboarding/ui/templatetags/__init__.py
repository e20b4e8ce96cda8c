"""Template libraries: `ui` for pages, `ui_forms` for the form template pack.

Markup lives in templates/components and templates/govuk.
"""
