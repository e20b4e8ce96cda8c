"""A local Atlas for tests, demo and docker compose: HVCA, account API and pages for people, over one state.

It imports nothing of the client next door, so that neither can hide a mistake of the other.
"""
