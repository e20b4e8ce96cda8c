"""Tests of the audit trail: its names, its chain, its checker.

Which move records which event is tested in tests/journey.
"""
