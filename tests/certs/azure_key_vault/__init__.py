"""A stand-in for Azure Key Vault, and the tests of what the portal does with one.

Only the part of its REST interface that the portal uses is here.
"""
