"""The journey: twelve steps, their records and the one file that moves them.

Reading lists for pages live in onboarding/dashboards.
"""
