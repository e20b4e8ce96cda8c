"""Questions to ops about a step: asking, answering, closing; the step itself stays as it is."""
