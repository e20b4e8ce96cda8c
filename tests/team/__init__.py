"""Tests of who does what in a company: roles, leaving, changes of primary, the review of users, absence.

Handing over single steps is tested in tests/handover.
"""
