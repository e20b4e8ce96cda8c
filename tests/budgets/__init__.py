"""How often each page may ask the database.

The numbers stand in expected_access.py.
"""
