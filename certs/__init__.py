"""The room of keys, CSRs, certificates, PFX files and API credentials: the only one that touches secrets.

It knows nothing of people, journeys or pages; whoever calls it decides who may and writes the audit trail.
"""
