"""By when a step is usually done and at the latest: working days, times, pauses, reminders, what is stuck.

A step's state is changed by progress.py alone; here it is only said by when.
"""
