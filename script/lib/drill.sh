# shellcheck shell=bash
# Which releases are certified how, and the examples of the authoring guide as directories. Source this file after progress.sh.

# Of one drill, the longest: it took a third of it on a machine with other work.
DRILL_SECONDS=${FOUNDRY_DRILL_SECONDS:-300}
# The smallest plan of each with which all steps have something to try.
declare -A DRILL_PLANS=([etcd]=3-servers [mariadb]=small [postgresql]=small [rabbitmq]=small [redis]=small)
DRILL_RELEASES=(etcd mariadb postgresql rabbitmq redis)

# drill_pair HEX: two of the bundled releases, by the first digits of a commit. Sixty-five thousand values fall on ten pairs.
drill_pair() {
    local number=$((16#${1:0:4} % 10)) first second
    for ((first = 0; first < ${#DRILL_RELEASES[@]}; first++)); do
        for ((second = first + 1; second < ${#DRILL_RELEASES[@]}; second++)); do
            ((number-- > 0)) || { echo "${DRILL_RELEASES[first]} ${DRILL_RELEASES[second]}" && return; }
        done
    done
}

# extract_releases GUIDE DIRECTORY: the block after each line `NAME/PATH`: becomes that file; what is in verbs/ and drill/ can be run. Tells
# the names of the releases.
extract_releases() {
    local name
    while read -r name; do mkdir -p "$2/$(dirname "$name")"; done < <(sed -nE 's/^`([a-z0-9._/-]+)`:$/\1/p' "$1")
    awk -v place="$2" '
        /^`[a-z0-9._\/-]+`:$/ { file = place "/" substr($0, 2, length($0) - 3); next }
        /^```/ && inside { close(file); inside = 0; file = ""; next }
        /^```/ && file != "" { inside = 1; next }
        inside { print > file }' "$1"
    for name in "$2"/*/verbs "$2"/*/drill; do
        [[ ! -d $name ]] || chmod -R a+x "$name"
    done
    for name in "$2"/*/release.yml; do basename "$(dirname "$name")"; done
}

# drill_clear PROGRAM PLACE: takes away the platform of a drill that was ended before it could do so.
drill_clear() {
    local mount
    [[ -n $2 && -d $2 ]] || return 0
    while read -r mount; do umount "$mount"; done < <(awk -v place="$2/" 'index($2, place) == 1 { print $2 }' /proc/mounts | sort -r)
    FOUNDRY_HOME=$2/home "$1" reset --yes --data "$2/data" >&2
    rm -rf --one-file-system "$2"
}
