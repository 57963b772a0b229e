# Sourced by test.sh: what the kinds of tests need besides the SDK.

# Real client programs for the scripted sessions.
ensure_test_packages() {
  case $1 in
    Cairn.SystemTests) ensure_packages awscli s3cmd restic python3-boto3 ;;
  esac
}
