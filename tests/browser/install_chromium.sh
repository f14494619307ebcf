#!/bin/sh
# Browser tests need Debian's Chromium. Install it where that is possible; fail where it is not.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium for the browser tests ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    exit 0
fi
echo "Chromium is missing and cannot be installed here (Debian: apt install chromium)." >&2
exit 1
