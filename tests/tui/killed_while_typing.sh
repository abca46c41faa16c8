#!/bin/sh
# The short form of tests/soak/killed_while_typing.sh: five kills.
KILLS_TYPING=5 exec sh tests/soak/killed_while_typing.sh
