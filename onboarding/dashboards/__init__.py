"""Reads only: your tasks and the ops board.

Nothing is written here.
"""
