"""Who may come in: addresses, one-time codes, sessions, the password, the middleware before each request."""
