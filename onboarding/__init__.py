"""A company's journey through certificate onboarding, and the people who walk it.

Rooms: people, journey, handover, desk, notices, audit, and look (the pages' furniture); see docs/architecture.md.
"""
