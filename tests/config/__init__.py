"""Tests of the plumbing: the environment, the settings made from it, headers, machine checks.

How the portal is started is tested in tests/house.
"""
