# Sourced by the scripts in the root: brings what a clean machine lacks.

# Installs Debian packages that are missing. Without root or sudo it says which ones to install.
ensure_packages() {
  local missing=()
  local package
  for package in "$@"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$'; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then
    return
  fi

  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages; as root run: apt-get install ${missing[*]}" >&2
      exit 3
    fi
    root=(sudo)
  fi
  echo "Installing ${missing[*]}" >&2
  "${root[@]}" apt-get update -qq >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# The name of the RocksDB runtime package differs between Debian releases; the development package does not.
ensure_rocksdb() {
  if ! ldconfig -p 2>/dev/null | grep -q 'librocksdb\.so'; then
    ensure_packages librocksdb-dev
  fi
}

ensure_dotnet() {
  local wanted
  wanted=$(sed -n 's/.*"version": "\([0-9]*\)\..*/\1/p' global.json)
  if ! command -v dotnet >/dev/null || ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET SDK $wanted is missing; see https://learn.microsoft.com/dotnet/core/install/linux-debian" >&2
    exit 3
  fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}
