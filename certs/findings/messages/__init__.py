"""The tables of known error messages, one file for the programs of one family, and how a pasted text is read.

Each row names the finding, the program, its versions, the words and where the words stand; known_messages.py beside
this package asks all of them. A new wording is one line in the table of its program.
"""
