"""Tests of onboarding/ops/: the list of companies, and a company's page for ops."""
