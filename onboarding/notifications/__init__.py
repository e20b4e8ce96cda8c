"""Messages that leave the portal: outbox and email.

Who is told what is decided by the room that moves.
"""
