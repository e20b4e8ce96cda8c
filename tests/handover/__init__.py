"""Tests of handing over: taking a step, giving it back, taking it back.

Two who take at the same moment are in tests/journey/test_races.py.
"""
