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
if [ "$area" = http ] && [ -z "${CAIRN_EXECUTABLE:-}" ]; then
  # What is installed is measured: compiled ahead of time, where a development build spends its first minute compiling.
  ./build.sh >&2
  export CAIRN_EXECUTABLE=$PWD/artifacts/cairn/cairn
fi
dotnet build tests/Cairn.Benchmarks/Cairn.Benchmarks.csproj -c Release --nologo -v quiet >&2
exec artifacts/bin/Cairn.Benchmarks/release/Cairn.Benchmarks "$area" "$@"
