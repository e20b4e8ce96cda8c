"""Reads only: my desk and the ops board.

Nothing is written here.
"""
