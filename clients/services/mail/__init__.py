"""Sending what is in the outbox (`MailMessage`), each message once or told as “perhaps sent”.

`waves.py` takes apart what a run put in; `claim.py` takes one message, looks again and writes it down as being sent;
`content/` says what it says; `send.py` talks to the mail server, with no lock of the database held; `mark.py` writes
down what came of it; `crash.py` what a process that died was at. See docs/decisions/0019.
"""
