"""Handing over: taking, releasing and taking back a step.

A step's state is never changed here.
"""
