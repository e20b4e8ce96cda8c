"""Tests of what is only read: your tasks, a company's page, the ops board, the machine checks.

What changes anything is tested in tests/journey.
"""
