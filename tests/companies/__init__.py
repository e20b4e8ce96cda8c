"""Tests of people and their companies (the room onboarding/people; tests/people_fixtures.py is the cast of all tests).

What a role may do to a step is tested in tests/journey/test_guards.py.
"""
