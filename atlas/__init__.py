"""The client of GlobalSign Atlas: the published HVCA API and the account API. It needs no Django.
Not here: keys at rest, cases, people and pages; whoever calls this room owns those.
"""
