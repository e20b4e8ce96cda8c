"""The main job as a command: people who take a company through a running portal, page by page.

Only pages, forms, files and emails are used; nothing here knows the portal's database or Python objects.
"""
