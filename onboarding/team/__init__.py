"""The team of a company: roles and leaving, change of the primary, review of access, absence, roles in other systems.

Who may see which company is in people/, handing a step over in handover/.
"""
