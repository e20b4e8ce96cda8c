"""Questions to ops about a step.

Who may see their pages is in tests/leaks as well.
"""
