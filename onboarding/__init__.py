"""A company's journey through certificate onboarding, and the people who walk it.

Rooms: people, journey, handover, desk, notifications, audit, and ui (tags, fields, page furniture); see docs/architecture.md.
"""
