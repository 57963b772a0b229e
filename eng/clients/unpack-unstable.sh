#!/usr/bin/env bash
# Unpacks programs of Debian unstable, with everything they depend on, into a folder beside the system and writes
# launchers for them into <folder>/bin. Usage: unpack-unstable.sh <folder> <package>...
#
# Why not a chroot: programs started through their own dynamic loader see the host's files under the host's names, and
# neither privileges nor mounts are needed. No maintainer script runs; these programs need none.
set -euo pipefail

folder=$1
shift
stamp="$(sha256sum "${BASH_SOURCE[0]}" | cut -d' ' -f1) $*"

mkdir -p "$(dirname "$folder")"
# Two test runs of one working copy must not unpack into the same folder.
exec 9>"$folder.lock"
flock 9
[ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ] && exit 0
rm -rf "$folder"

# A private apt with an empty package database, so that the resolver lists the complete closure and leaves the
# system's own state alone. The mirror is the one this machine already uses.
apt=$folder/apt
mkdir -p "$apt"/{etc/preferences.d,lists/partial,archives/partial}
: >"$apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror unstable main" >"$apt/etc/sources.list"
options=(
  -o Dir::Etc="$apt/etc" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt"
  -o Acquire::Languages=none -o APT::Install-Recommends=false -o APT::Sandbox::User=
  -o Debug::NoLocking=true
)
apt-get "${options[@]}" -q update
apt-get "${options[@]}" -q -y --download-only install "$@"

for archive in "$apt"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$folder" --no-same-owner \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./dev'
done
rm -rf "$apt"

# <folder>/bin/<name> runs <folder>/usr/bin/<program> with the libraries of the folder.
loader=$(find "$folder/usr/lib" -path '*-linux-gnu/ld-linux-*.so.*' | head -n 1)
mkdir -p "$folder/bin"
launcher() {
  local name=$1
  shift
  cat >"$folder/bin/$name" <<SCRIPT
#!/bin/sh
PYTHONHOME='$folder/usr' exec '$loader' --library-path '$(dirname "$loader")' $* "\$@"
SCRIPT
  chmod +x "$folder/bin/$name"
}
launcher python3 "'$folder/usr/bin/python3'"
launcher aws "'$folder/usr/bin/python3'" "'$folder/usr/bin/aws'"
launcher rclone "'$folder/usr/bin/rclone'"

echo "$stamp" >"$folder/.stamp"
