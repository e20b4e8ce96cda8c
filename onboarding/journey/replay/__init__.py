"""What the events of each chain say that the tables must hold, and where the tables say something else.

That the events themselves are unchanged is proved by audit/chain_check.py.
"""
