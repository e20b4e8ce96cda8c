"""Companies that nobody has: made in bulk with their histories, to see the portal at its size (`manage.py seed`).

It belongs to test installations. Nothing here is called by a page, a worker or beat.
"""
