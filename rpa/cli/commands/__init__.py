"""The commands, one module each with the command's name: parse, call, print."""
