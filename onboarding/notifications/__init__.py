"""Messages that leave the portal: outbox and e-mail.

Who is told what is decided by the room that moves.
"""
