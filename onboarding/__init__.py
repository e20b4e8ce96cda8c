"""A company's journey through certificate onboarding, and the people who walk it.

Rooms: people, journey, handover, team, dashboards, help, notifications, audit, periodic and ui (tags, fields, page
furniture); see docs/architecture.md.
"""
