"""Template libraries: `ui` for pages, `ui_forms` for the form template pack.

Markup lives in ui/field_markup.py, ui/component_markup.py and templates/components.
"""
