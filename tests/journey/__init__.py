"""Tests of whole journeys and of what the pages tell people on the way.

Tests of one room's functions are in that room's folder.
"""
