"""What ``rpa demo`` does: sample rows, mock portals on loopback, and a program in place of the person."""
