"""Faults on real processes: workers, beat, clocks and servers that fail in the middle of the work.

What strangers try is in tests/attacks.
"""
