"""What an attacker, a crash or a wrong clock must not achieve; each test is named after what must not happen.

docs/threats.md lists the goals against these tests.
"""
