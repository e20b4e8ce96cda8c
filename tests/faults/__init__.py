"""Faults on real processes and servers: kills, wipes, restarts, wrong clocks in the middle of the work.

What strangers try is in tests/attacks.
"""
