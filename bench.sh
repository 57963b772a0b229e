#!/bin/bash
# Builds and runs the benchmarks: ./bench.sh small-put, ./bench.sh (all rows), ./bench.sh kernels --quick.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. eng/prerequisites.sh
ensure_dotnet
ensure_rocksdb
area=http
if [ "${1:-}" = kernels ]; then
  area=kernels
  shift
  ensure_packages libisal2
fi
dotnet build src/Cairn.Server/Cairn.Server.csproj -c Release --nologo -v quiet >&2
dotnet build tests/Cairn.Benchmarks/Cairn.Benchmarks.csproj -c Release --nologo -v quiet >&2
exec artifacts/bin/Cairn.Benchmarks/release/Cairn.Benchmarks "$area" "$@"
