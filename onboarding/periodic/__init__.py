"""The schedule: beat asks, the table remembers when each job was asked for and finished.

What the jobs do is in the rooms above.
"""
