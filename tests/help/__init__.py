"""Tests of the help pages and of the page that checks a file.

The doctor itself is tested in tests/certs/doctor.
"""
