#!/bin/sh
# Writes `desiredStatus: paused` wherever a declaration below FOLDER says active or scheduled, and changes nothing else:
#   pause-everything.sh FOLDER
# It commits nothing. Look at it with `git diff`, check it with `rollcall validate FOLDER`, and commit.
set -eu
folder=${1:?which folder holds the declarations?}
find "$folder" -type f \( -name '*.yaml' -o -name '*.yml' \) -exec \
  sed -i -E "s/(desiredStatus:[[:space:]]*)(active|scheduled|\"active\"|\"scheduled\"|'active'|'scheduled')([[:space:],}#]|\$)/\1paused\3/" {} +
