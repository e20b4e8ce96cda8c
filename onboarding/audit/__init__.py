"""What happened: event names, chained records, the checker.

Nothing here changes business data.
"""
