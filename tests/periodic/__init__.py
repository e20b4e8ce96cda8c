"""Tests of onboarding/periodic: the schedule.

A schedule on a wrong clock is in tests/attacks/test_clock_that_ran_ahead.py.
"""
