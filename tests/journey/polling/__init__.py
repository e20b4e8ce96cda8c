"""Tests of the worker's side of the steps: what is due, what is asked of Atlas, and what is sent once.

What people do is tested in tests/journey.
"""
