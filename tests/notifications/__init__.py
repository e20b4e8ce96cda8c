"""Tests of the letters and of the outbox that sends them.

Which move writes to whom is tested in tests/journey.
"""
