"""Help: check a file, the guides, the catalogue of problems and findings, who may do what.

Reads only; everybody may read it but the page that checks a file, which is for people who are signed in.
"""
