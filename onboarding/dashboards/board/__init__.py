"""The ops board: what is under way, who is stuck, what ends soon, what did not arrive, how the pollers are.

Reads only, and for ops only (access.py); a secret is never near.
"""
