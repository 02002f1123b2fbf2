#!/bin/sh
# Writes `desiredStatus: paused` wherever a file below FOLDER says active or scheduled, in a comment or a reason too, and changes
# nothing else:
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
# A file with more campaigns than statuses that are known to be at rest holds one that is written otherwise.
odd=$(find "$folder" -type f \( -name '*.yaml' -o -name '*.yml' \) -exec sh -c '
  for file; do
    said=$(sed "/^[[:space:]]*#/d" "$file")
    campaigns=$(printf "%s\n" "$said" | grep -oE "kind[\"'"'"']?[[:space:]]*:[[:space:]]*[\"'"'"']?Campaign" | wc -l)
    resting=$(printf "%s\n" "$said" | grep -oE "$0[\"'"'"']?(paused|cancelled|ended)" | wc -l)
    test "$resting" -ge "$campaigns" || printf "%s\n" "$file: a campaign whose status is written otherwise"
  done' "$key" {} +)
test -z "$left$odd" && exit 0
printf 'still to be paused by hand:\n' >&2
test -z "$left" || printf '%s\n' "$left" >&2
test -z "$odd" || printf '%s\n' "$odd" >&2
exit 1
