"""The portal with one address more, which scale_web.py serves and measures pages against."""
