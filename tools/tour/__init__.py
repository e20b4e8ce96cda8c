"""The tour: docs/tour.md with a picture of each page, made by a walk through a demonstration of its own.

What is seen on the way stands in pictures.py; the pictures are taken by screenshots.py.
"""
