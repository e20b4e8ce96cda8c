"""Template library `slots`: what higher rooms add to the journey's pages.

Markup lives in the rooms that add it.
"""
