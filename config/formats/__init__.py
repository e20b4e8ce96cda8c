"""How dates look in the portal."""
