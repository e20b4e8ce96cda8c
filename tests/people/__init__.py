"""Tests of people and their companies, of invitations, signing in and second factors.

What a role may do to a step is tested in tests/journey; the people of all tests are made in people_fixtures.py.
"""
