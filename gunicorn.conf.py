"""How gunicorn serves the portal, however it is started in this folder: its logs hold no tokens.

How many workers there are and where they listen is said on the command line (Dockerfile).
"""

accesslog = "-"
logger_class = "config.gunicorn_logs.TokenFreeLogger"
