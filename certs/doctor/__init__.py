"""The doctor: examines any file or text and says what it is and what is wrong with it.

Nothing of certs/ outside this package imports it; the sentences are in certs/findings/catalogue/.
"""
