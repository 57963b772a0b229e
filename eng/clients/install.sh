#!/usr/bin/env bash
# Installs the foreign S3 clients that the system tests drive, in two generations each where the wire format changed.
# Idempotent: a second run finds everything in place and takes a second.
#
#   old generation  Debian's own packages:  awscli, python3-boto3, s3cmd, restic
#   new generation  Debian unstable, unpacked beside the system:  awscli, python3-botocore, rclone
#   load balancers  Debian's own packages:  haproxy, nginx; clock skew: faketime;
#                   faults of networks and drives: iproute2, e2fsprogs, mount
#   JavaScript      npm, by lock file:  @aws-sdk/client-s3 and its companions, minio
#
# AWSSDK.S3 for .NET comes with the restore of the test project.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

install_debian_packages() {
  local missing=() package
  for package in awscli python3-boto3 s3cmd restic haproxy nginx faketime iproute2 e2fsprogs mount; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return

  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 -q update
  # Nobody wants a balancer to run on port 80 of the machine because a test needs its program.
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
    trap "${as_root[*]} rm -f $policy" EXIT
  fi
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" \
    apt-get -o DPkg::Lock::Timeout=300 -q -y install --no-install-recommends "${missing[@]}"
}

install_npm_packages() {
  local folder=$root/tests/Cairn.SystemTests/Clients/JavaScript
  # npm writes this file at the end of an installation: newer than the lock file means complete and current.
  [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return
  npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts
}

install_debian_packages
"$here/unpack-unstable.sh" "$root/artifacts/clients/unstable" awscli python3-boto3 rclone
install_npm_packages
