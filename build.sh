#!/bin/bash
# Makes artifacts/cairn/: the executable `cairn` with the runtime and all native libraries it needs, for machines
# without the SDK. The machine must have a C library at least as new as this one's.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. eng/prerequisites.sh
ensure_dotnet
ensure_rocksdb
ensure_packages libssl3

output=$PWD/artifacts/cairn
rm -rf "$output"
# Intermediate files of their own: the runtime-specific restore must not disturb the development build's.
dotnet publish src/Cairn.Server/Cairn.Server.csproj -c Release --nologo -v quiet \
  -r "linux-$(dpkg --print-architecture | sed 's/amd64/x64/')" --self-contained \
  -p:PublishReadyToRun=true -p:DebugType=none -p:GenerateDocumentationFile=true \
  -p:ArtifactsPath="$PWD/artifacts/publish" -o "$output"
rm -f "$output"/*.xml "$output"/*.pdb

# What every Debian has: the C library and the compiler's runtime, which .NET itself needs before it can load anything.
base='^(linux-vdso|ld-linux.*|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+)\.so'
mkdir "$output/native"
copy_with_dependencies() {
  local library
  for library in "$1" $(ldd "$1" | awk '$2 == "=>" { print $3 }'); do
    if ! basename "$library" | grep -qE "$base"; then
      # Under the name that others ask for, which is the link's and not that of the file behind it.
      cp --dereference "$library" "$output/native/$(basename "$library")"
    fi
  done
}
find_library() {
  ldconfig -p | awk -v name="$1" '$1 ~ name { print $NF; exit }'
}
copy_with_dependencies "$(find_library '^librocksdb\\.so\\.')"
copy_with_dependencies "$(find_library '^libssl\\.so\\.3')"
copy_with_dependencies "$(find_library '^libcrypto\\.so\\.3')"
cp LICENSE README.md "$output/"

echo "$output ($(du -sh "$output" | cut -f1)): $("$output/cairn" --version)"
