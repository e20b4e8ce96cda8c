"""All companies for ops: the list, and a company's page with what ops do about it. None of it moves a step."""
