"""Real processes on servers of their own, and what happens to them in earnest: kills, wipes, restarts, wrong clocks.

What one process does when something fails is tested in its room.
"""
