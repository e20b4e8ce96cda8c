"""What the tables and columns of the earlier layout were called, where that differs from today's.

The earlier layout is the one whose migrations of one app went beyond 0001; who reads it is copying.py.
"""

# today's table: the table it is filled from
TABLES: dict[str, str] = {
    "certs_onetimegrant": "certs_revealgrant",
    "certs_sharedsecret": "certs_passedsecret",
    "notifications_outboxemail": "notices_message",
    "team_absence": "people_absence",
    "team_accessreview": "people_review",
    "team_accessreviewline": "people_reviewline",
    "team_externalrolecheck": "handover_systemtick",
    "team_primarychange": "people_primarychange",
}

# today's table: {today's column: the column it is filled from}
COLUMNS: dict[str, dict[str, str]] = {
    "certs_bundle": {"encryption": "flavour", "secret_id": "held_id"},
    "certs_certificate": {
        "chain_searched_at": "chain_sought_at",
        "chain_searches": "chain_tries",
        "chain_next_search_at": "chain_next_at",
    },
    "certs_evidencefile": {"secret_id": "held_id"},
    "certs_sharedsecret": {"secret_id": "held_id"},
    "journey_evidence": {"stored_file_id": "kept_id"},
    "journey_onboarding": {"next_actor": "mover"},
    "journey_sending": {"candidates": "found"},
    "journey_steprecord": {
        "assignee_id": "holder_id",
        "assigned_at": "held_since",
        "polled_at": "looked_at",
        "poll_count": "looks",
        "poll_queued": "look_queued",
        "unfinished_polls": "unfinished_looks",
        "last_poll_result": "last_look",
    },
    "notifications_outboxemail": {"held_back_by": "held_by"},
}

# Labels of apps of ours in the earlier layout. Today's may differ.
APPS = frozenset({"people", "audit", "notices", "periodic", "journey", "handover", "certs"})
