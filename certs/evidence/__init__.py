"""A file that somebody brings as evidence: what it is, what hides in it, and how it is kept sealed.

Who may bring or open one, and the record that somebody did, are the caller's.
"""
