"""How the portal looks: template tags, form fields and widgets, the form template pack's helpers.

No model and no rule of the journey lives here; every other app may use this one.
"""
