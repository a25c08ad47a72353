#!/bin/sh
# npm as a newcomer has it: run by the Node beside this file, not by the one that npm brought.
exec "$(dirname "$0")/node" "$NPM_CLI" "$@"
