"""The demonstration: the whole portal with its own local Atlas in one process.

Nothing of it runs in production; it imports every room, no room imports it.
"""
