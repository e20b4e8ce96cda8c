"""Who gets what at every address of the portal.

The expectations stand in expected_access.py.
"""
