"""The programme's rules and traps as data, the tests that prove them, and the page that says both."""
