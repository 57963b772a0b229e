#!/bin/bash
# Builds Cairn and starts a node on data/drive{1...4} below the current folder. Arguments go to `cairn server` instead.
set -euo pipefail
started_in=$PWD
cd "$(dirname "$(readlink -f "$0")")"
. eng/prerequisites.sh
ensure_dotnet
ensure_rocksdb
echo "Building" >&2
dotnet build src/Cairn.Server/Cairn.Server.csproj -c Release --nologo -v quiet >&2
cairn=$PWD/artifacts/bin/Cairn.Server/release/cairn
cd "$started_in"
if [ $# -eq 0 ]; then
  set -- 'data/drive{1...4}'
fi
exec "$cairn" server "$@"
