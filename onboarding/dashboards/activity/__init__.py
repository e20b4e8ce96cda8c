"""What happened, in all companies: the list of events with filters, its files, and a week on one page. For ops only."""
