"""Tests of the house itself: its arrows, its size, its lock, its compose file, its documentation, its one command.

What the portal does is tested in the folders named after its rooms.
"""
