"""Tests of how the portal looks: form template pack, components, layouts, account pages, accessibility.

What the pages say and do is tested with the room they belong to.
"""
