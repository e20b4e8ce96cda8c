"""Pages of the journey: fetch with access -> form -> one move -> redirect.

No rule is decided here.
"""
