"""What prepares a machine for the portal, and the programs that work on it from outside.

`packages`, `assets`, `programs`, `locking` and `environment` use the standard library only: `./run` starts with
nothing installed.
"""
