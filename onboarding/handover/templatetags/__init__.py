"""Template tags of this room.

They live in handover.py.
"""
