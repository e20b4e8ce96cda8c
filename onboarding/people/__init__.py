"""People: users, companies, memberships; who may see what.

Steps and their moves live in onboarding/journey.
"""
