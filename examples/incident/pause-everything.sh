#!/bin/sh
# Writes `desiredStatus: paused` wherever a declaration below FOLDER says active or scheduled, and changes nothing else:
#   pause-everything.sh FOLDER
# It commits nothing. Look at it with `git diff`, check it with `rollcall validate FOLDER`, and commit. Where a declaration is
# written so that it cannot be changed this way, it is named, and the script ends with 1: pause that one by hand.
set -eu
folder=${1:?which folder holds the declarations?}
if ! test -d "$folder"; then
  echo "there is no folder $folder here: nothing was paused" >&2
  exit 64
fi
key="desiredStatus[\"']?[[:space:]]*:[[:space:]]*"
find "$folder" -type f \( -name '*.yaml' -o -name '*.yml' \) -exec \
  sed -i -E "s/($key)(active|scheduled|\"active\"|\"scheduled\"|'active'|'scheduled')([[:space:],}#]|\$)/\1paused\3/g" {} +
left=$(find "$folder" -type f \( -name '*.yaml' -o -name '*.yml' \) -exec \
  grep -HnE "(^|[{,])[[:space:]]*[\"']?$key" {} + |
  grep -vE "$key[\"']?(paused|cancelled|ended)" || true)
test -z "$left" && exit 0
printf 'still to be paused by hand:\n%s\n' "$left" >&2
exit 1
