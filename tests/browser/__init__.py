"""The portal in a real Chromium: whole journeys of several people, and every page under axe.

What a single view decides is tested in its own room.
"""
