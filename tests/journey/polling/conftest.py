"""Fixtures of the worker's tests."""

from tests.journey.polling.peers import at

__all__ = ["at"]
