"""The worker's side of a step: what it asks or makes, how it reaches Atlas, and when it is due.

A step's state is changed by onboarding/journey/progress.py only.
"""
