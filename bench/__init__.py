"""Measurements of the portal beside something everybody knows; `./run bench` runs them all.

One subject per module; how a measurement is written and shown stands in bench/harness.py.
"""
