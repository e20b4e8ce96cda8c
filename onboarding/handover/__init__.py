"""Handing over: claiming and offering a step, accepting and returning it, grants to outsiders, sharing a secret.

Who is in the team is in team/. A step's state is never changed here.
"""
